/** Scripts that complete command lines of shoalctl in a shell, from the table of commands. Pure. */
import type { ArgumentRow, CommandRow, Completes, OptionRow } from './command.ts';

export type Shell = 'bash' | 'zsh';

/** Words are letters, digits and dashes, and stand between single quotes all the same. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A command of the script that offers what may stand somewhere. */
function offer(completes: Completes | undefined, choices: readonly string[] | undefined): string {
  if (choices !== undefined) return `_shoalctl_words ${quoted(choices.join(' '))}`;
  if (completes === 'file') return '_shoalctl_files';
  if (completes === 'virtual-server') return '_shoalctl_words "$(_shoalctl_names 1)"';
  if (completes === 'real-server') return '_shoalctl_words "$(_shoalctl_names 2)"';
  return ':';
}

const spellings = ({ name, letter }: OptionRow): string[] => [
  `--${name}`,
  ...(letter === undefined ? [] : [`-${letter}`]),
];

const optionCases = (options: readonly OptionRow[]): string[] =>
  options.flatMap((option) =>
    option.takes === undefined
      ? []
      : [`    ${spellings(option).join('|')}) ${offer(option.completes, option.choices)}; return ;;`],
  );

const argumentCases = (command: CommandRow): string[] =>
  command.arguments.map(
    ({ completes, choices }: ArgumentRow, index) =>
      `    ${quoted(`${command.name} ${index + 1}`)}) ${offer(completes, choices)} ;;`,
  );

/** What both shells share: bash's own words and arrays, which zsh offers by bashcompinit. */
function script(commands: readonly CommandRow[], common: readonly OptionRow[]): string {
  const shown = commands.filter(({ isHidden }) => !isHidden);
  const options = [...common, ...shown.flatMap((command) => command.options)];
  const valued = options.filter(({ takes }) => takes !== undefined).flatMap(spellings);
  return `_shoalctl_words() { COMPREPLY=( $(compgen -W "$1" -- "$word") ); }
_shoalctl_files() { COMPREPLY=( $(compgen -f -- "$word") ); }
# Names of virtual servers (1), or of the real servers of the one that was typed (2), as the agent knows them.
_shoalctl_names() {
  shoalctl status --json 2>/dev/null | node -e '
    let text = "";
    process.stdin.on("data", (part) => (text += part)).on("end", () => {
      const [which, virtual] = process.argv.slice(1);
      const health = text === "" ? [] : JSON.parse(text).health;
      const names = health.flatMap((row) =>
        which === "1" ? [row.virtualServer] : row.virtualServer === virtual ? [row.realServer] : []);
      console.log([...new Set(names)].join(" "));
    });' "$1" "$typed"
}
_shoalctl() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command= typed= count=0 index each
  COMPREPLY=()
  for (( index = 1; index < COMP_CWORD; index++ )); do
    each="\${COMP_WORDS[index]}"
    case "$each" in
    ${valued.join('|')}) index=$(( index + 1 )) ;;
    -?*) ;;
    *) if [ -z "$command" ]; then command="$each"; else count=$(( count + 1 )); typed="$each"; fi ;;
    esac
  done
  case "$before" in
${[...new Set(optionCases(options.filter(({ name }) => !['from', 'to'].includes(name))))].join('\n')}
  esac
  case "$command $before" in
${shown
  .flatMap((command) =>
    command.options
      .filter(({ takes, name }) => takes !== undefined && ['from', 'to'].includes(name))
      .map(
        (option) =>
          `    ${quoted(`${command.name} --${option.name}`)}) ${offer(option.completes, option.choices)}; return ;;`,
      ),
  )
  .join('\n')}
  esac
  if [ "\${word#-}" != "$word" ] && [ "$word" != - ]; then
    case "$command" in
${shown
  .filter((command) => command.options.length > 0)
  .map(
    (command) =>
      `    ${command.name}) _shoalctl_words ${quoted([...command.options, ...common].map(({ name }) => `--${name}`).join(' '))} ;;`,
  )
  .join('\n')}
    *) _shoalctl_words ${quoted(common.map(({ name }) => `--${name}`).join(' '))} ;;
    esac
    return
  fi
  if [ -z "$command" ]; then _shoalctl_words ${quoted(shown.map(({ name }) => name).join(' '))}; return; fi
  case "$command $(( count + 1 ))" in
${shown.flatMap(argumentCases).join('\n')}
  esac
}
`;
}

/** The whole script; ends in a newline. */
export function completionScript(
  shell: Shell,
  commands: readonly CommandRow[],
  common: readonly OptionRow[],
): string {
  const body = script(commands, common);
  if (shell === 'bash')
    return `# bash completion for shoalctl\n${body}complete -o filenames -F _shoalctl shoalctl\n`;
  return `#compdef shoalctl\nautoload -U +X bashcompinit && bashcompinit\n${body}complete -o filenames -F _shoalctl shoalctl\n`;
}
