/** The completion for zsh, in its own words: what it offers comes with what it is. Pure. */
import type { CommandRow, Completes, OptionRow } from './command.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Inside a specification of _arguments, colons and brackets have a meaning. */
const plain = (text: string): string => text.replace(/[\\:[\]]/g, '\\$&');

/** With a blank in front the function is called as it stands, without what zsh would add for its lists. */
function action(completes: Completes | undefined, choices: readonly string[] | undefined): string {
  if (choices !== undefined) return `(${choices.join(' ')})`;
  if (completes === 'file') return '_files';
  if (completes === 'virtual-server') return ' _shoalctl_names';
  if (completes === 'real-server') return ' _shoalctl_names $line[1]';
  return ' ';
}

function optionSpecs({ name, letter, takes, completes, choices, help }: OptionRow): string[] {
  const value = takes === undefined ? '' : `:${plain(takes)}:${action(completes, choices)}`;
  const told = `[${plain(help)}]${value}`;
  const equals = takes === undefined ? '' : '=';
  if (letter === undefined) return [quoted(`--${name}${equals}${told}`)];
  const exclusive = `(-${letter} --${name})`;
  return [quoted(`${exclusive}--${name}${equals}${told}`), quoted(`${exclusive}-${letter}${told}`)];
}

const commandCase = (command: CommandRow, common: readonly OptionRow[]): string => {
  const specs = [
    ...[...command.options, ...common].flatMap(optionSpecs),
    ...command.arguments.map(({ name, completes, choices, isOptional }, index) =>
      quoted(`${index + 1}:${isOptional ? ':' : ''}${plain(name)}:${action(completes, choices)}`),
    ),
  ];
  return `        ${command.name})\n          _arguments \\\n${specs.map((spec) => `            ${spec}`).join(' \\\n')} ;;`;
};

/** The whole script; ends in a newline. */
export function zshScript(
  commands: readonly CommandRow[],
  common: readonly OptionRow[],
  namesCommand: string,
): string {
  return `#compdef shoalctl
# Names that the agent knows: of virtual servers, or of the real servers of the one that is given.
_shoalctl_names() {
  local -a names
  names=("\${(@f)$(_call_program names shoalctl ${namesCommand} -- "\${(@q)@}" 2>/dev/null)}")
  compadd -- \${names:#}
}
_shoalctl() {
  local curcontext="$curcontext" state
  local -a line subcommands
  typeset -A opt_args
  subcommands=(
${commands.map(({ name, help }) => `    ${quoted(`${name}:${help}`)}`).join('\n')}
  )
  _arguments -C \\
${common
  .flatMap(optionSpecs)
  .map((spec) => `    ${spec} \\`)
  .join('\n')}
    '1:command:->command' \\
    '*::argument:->argument'
  case $state in
    command) _describe command subcommands ;;
    argument)
      case $words[1] in
${commands.map((command) => commandCase(command, common)).join('\n')}
      esac ;;
  esac
}
if [[ $funcstack[1] == _shoalctl ]]; then _shoalctl "$@"; else compdef _shoalctl shoalctl; fi
`;
}
