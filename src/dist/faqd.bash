# SPDX-License-Identifier: MIT
# bash completion for faqd(1)

_faqd()
{
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    local words='--pack --packs-dir --plugins-dir --state-dir --cache-dir --log-level --log-format --config --help'
    local IFS=$' \t\n'
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W 'ask chat check compile explain misses plugins run stats --help --version' -- "$cur"))
        return
    fi
    case $prev in
        --lang) COMPREPLY=($(compgen -W 'fr en' -- "$cur")); return ;;
        --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
        --log-level) COMPREPLY=($(compgen -W 'error warning info debug' -- "$cur")); return ;;
        --log-format) COMPREPLY=($(compgen -W 'text json' -- "$cur")); return ;;
        -c | --config | --into | --pack | --packs-dir | --plugins-dir | --state-dir | --cache-dir) compopt -o default; return ;;
    esac
    case $command in
        ask) words+=' --lang --json' ;;
        chat) words+=' --lang --json --plain --color' ;;
        compile) words+=' --into' ;;
        explain) words+=' --lang' ;;
        stats | misses) words+=' --json --days' ;;
        run) words+=' --print-config' ;;
    esac
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
    elif [[ $command == check || $command == compile ]]; then
        compopt -o dirnames
    fi
}
complete -F _faqd faqd
