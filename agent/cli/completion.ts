/** Scripts that complete command lines of shoalctl in a shell, from the table of commands. Pure. */
import type { ArgumentRow, CommandRow, Completes, OptionRow } from './command.ts';
import { zshScript } from './completion-zsh.ts';

export type Shell = 'bash' | 'zsh';

/** The hidden command that both scripts ask for names. */
export const NAMES_COMMAND = '_names';

/** For a shell: nothing inside acts. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A command of the script that offers what may stand somewhere. Words are told one by one: none is split or expanded. */
function offer(completes: Completes | undefined, choices: readonly string[] | undefined): string {
  if (choices !== undefined) return `_shoalctl_offer ${choices.map(quoted).join(' ')}`;
  if (completes === 'file') return '_shoalctl_files';
  if (completes === 'virtual-server') return '_shoalctl_names';
  if (completes === 'real-server') return '_shoalctl_names "$first"';
  return ':';
}

const spellings = ({ name, letter }: OptionRow): string[] => [
  `--${name}`,
  ...(letter === undefined ? [] : [`-${letter}`]),
];

const valued = (options: readonly OptionRow[]): OptionRow[] =>
  options.filter(({ takes }) => takes !== undefined);

/** What stands behind an option that takes a value; `command` is a pattern. */
const valueCases = (command: string, options: readonly OptionRow[]): string[] =>
  valued(options).map(
    (option) =>
      `    ${spellings(option)
        .map((spelling) => `${command}:${spelling}`)
        .join(' | ')}) ${offer(option.completes, option.choices)}; return ;;`,
  );

const argumentCases = (command: CommandRow): string[] =>
  command.arguments.map(
    ({ completes, choices }: ArgumentRow, index) =>
      `    ${command.name}:${index + 1}) ${offer(completes, choices)} ;;`,
  );

const optionCase = (pattern: string, options: readonly OptionRow[]): string =>
  `      ${pattern}) _shoalctl_offer ${options.map(({ name }) => `--${name}`).join(' ')} ;;`;

function bashScript(commands: readonly CommandRow[], common: readonly OptionRow[]): string {
  const withValue = [...common, ...commands.flatMap(({ options }) => options)];
  const takers = [...new Set(valued(withValue).flatMap(spellings))];
  return `# bash completion for shoalctl
_shoalctl_offer() {
  local each
  for each in "$@"; do [[ $each == "$word"* ]] && COMPREPLY+=("$each"); done
}
_shoalctl_files() {
  compopt -o filenames 2>/dev/null
  local each
  while IFS= read -r each; do COMPREPLY+=("$each"); done < <(compgen -f -- "$word")
}
# Names that the agent knows: of virtual servers, or of the real servers of the one that is given.
_shoalctl_names() {
  local each
  while IFS= read -r each; do
    [[ $each == "$word"* ]] && COMPREPLY+=("$(printf %q "$each")")
  done < <(shoalctl ${NAMES_COMMAND} -- "$@" 2>/dev/null)
}
_shoalctl() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command= first= count=0 index
  COMPREPLY=()
  # "--option=value" comes as three words.
  if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
      ${takers.join(' | ')})
        [[ \${COMP_WORDS[index + 1]} == = ]] && index=$((index + 1))
        index=$((index + 1)) ;;
      -?* | =) ;;
      *)
        if [[ -z $command ]]; then command=\${COMP_WORDS[index]}
        else count=$((count + 1)); [[ -z $first ]] && first=\${COMP_WORDS[index]}; fi ;;
    esac
  done
  case $command:$before in
${[...commands.flatMap((row) => valueCases(row.name, row.options)), ...valueCases('*', common)].join('\n')}
  esac
  if [[ $word == -?* ]]; then
    case $command in
${commands
  .filter(({ options }) => options.length > 0)
  .map((row) => optionCase(row.name, [...row.options, ...common]))
  .join('\n')}
${optionCase('*', common)}
    esac
    return
  fi
  if [[ -z $command ]]; then
    _shoalctl_offer ${commands.map(({ name }) => name).join(' ')}
    return
  fi
  case $command:$((count + 1)) in
${commands.flatMap(argumentCases).join('\n')}
  esac
}
complete -F _shoalctl shoalctl
`;
}

/** The whole script; ends in a newline. */
export function completionScript(
  shell: Shell,
  commands: readonly CommandRow[],
  common: readonly OptionRow[],
): string {
  const shown = commands.filter(({ isHidden }) => !isHidden);
  return shell === 'bash' ? bashScript(shown, common) : zshScript(shown, common, NAMES_COMMAND);
}
