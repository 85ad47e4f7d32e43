/** The scripts that shells load to complete `blockspin`. Each asks the program that is being typed. */

export const scripts: Readonly<Record<string, string>> = {
  bash: `# blockspin for bash: eval "$(blockspin completion bash)" in ~/.bashrc
_blockspin() {
  local line about file
  COMPREPLY=()
  while IFS=$'\\t' read -r line about; do
    case "$line" in
      :*)
        # Of a folder, more may follow; so readline has to know that these are files.
        compopt -o filenames 2>/dev/null
        while IFS= read -r file; do COMPREPLY+=("$file"); done < <(_blockspin_files "$line" "$2") ;;
      *)
        case "$line" in *[[=,]) compopt -o nospace 2>/dev/null ;; esac
        COMPREPLY+=("$line") ;;
    esac
  done < <("$1" __complete line "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
}
_blockspin_files() {
  case "$1" in
    :files) compgen -f -- "$2" ;;
    *) compgen -d -- "$2" ;;
  esac
  if [ "$1" = :yaml ]; then compgen -f -X '!*.yaml' -- "$2"; compgen -f -X '!*.yml' -- "$2"; fi
}
complete -F _blockspin blockspin
`,
  zsh: `#compdef blockspin
# blockspin for zsh: eval "$(blockspin completion zsh)" in ~/.zshrc, after compinit
_blockspin() {
  local line text about
  local -a ends ended goes going
  for line in "\${(@f)$(\${(Q)words[1]} __complete words "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}"; do
    text="\${line%%$'\\t'*}" about="\${line#*$'\\t'}"
    case "$text" in
      '') ;;
      :files) _files ;;
      :folders) _files -/ ;;
      :yaml) _files -g '*.(yaml|yml)' ;;
      *[[=,]) goes+=("$text") going+=("$text") ;;
      *) ends+=("$text") ended+=("$text\${about:+  -- $about}") ;;
    esac
  done
  (( \${#goes} )) && compadd -S '' -d going -a goes
  (( \${#ends} )) && compadd -l -d ended -a ends
  return 0
}
compdef _blockspin blockspin
`,
  fish: `# blockspin for fish: blockspin completion fish > ~/.config/fish/completions/blockspin.fish
function __blockspin_complete
  set -l words (commandline -opc)
  set -l typed (commandline -ct | string unescape 2>/dev/null; or commandline -ct)
  for line in ($words[1] __complete words $words[2..] -- "$typed" 2>/dev/null)
    switch $line
      case ':files'
        __fish_complete_path "$typed"
      case ':folders'
        __fish_complete_directories "$typed"
      case ':yaml'
        __fish_complete_path "$typed" | string match -r '.*(?:/|\\.ya?ml)(?:\\t.*)?$'
      case '*'
        echo $line
    end
  end
end
complete -c blockspin -f -a '(__blockspin_complete)'
`,
};
