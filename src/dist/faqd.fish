# SPDX-License-Identifier: MIT
# fish completion for faqd(1)

set -l commands ask chat check compile explain misses plugins run stats
complete -c faqd -f
complete -c faqd -n "not __fish_seen_subcommand_from $commands" -a ask -d 'One answer to each question'
complete -c faqd -n "not __fish_seen_subcommand_from $commands" -a chat -d 'Talk here'
complete -c faqd -n "not __fish_seen_subcommand_from $commands" -a check -d 'Test and lint a pack or a configuration'
complete -c faqd -n "not __fish_seen_subcommand_from $commands" -a compile -d 'Make packs ready'
complete -c faqd -n "not __fish_seen_subcommand_from $commands" -a explain -d 'Why this answer'
complete -c faqd -n "not __fish_seen_subcommand_from $commands" -a misses -d 'What was asked in vain'
complete -c faqd -n "not __fish_seen_subcommand_from $commands" -a plugins -d 'What is loaded, and from where'
complete -c faqd -n "not __fish_seen_subcommand_from $commands" -a run -d 'Run the configured connectors'
complete -c faqd -n "not __fish_seen_subcommand_from $commands" -a stats -d 'What was counted'
complete -c faqd -n "not __fish_seen_subcommand_from $commands" -l version -d 'Version'
complete -c faqd -s h -l help -d Help
complete -c faqd -n "__fish_seen_subcommand_from $commands" -s c -l config -r -F -d 'Read this configuration'
complete -c faqd -n "__fish_seen_subcommand_from $commands" -l pack -r -F -d 'Content to answer from'
complete -c faqd -n "__fish_seen_subcommand_from $commands" -l packs-dir -r -F -d 'Folder of the packs'
complete -c faqd -n "__fish_seen_subcommand_from $commands" -l plugins-dir -r -F -d 'Folder of the plugins'
complete -c faqd -n "__fish_seen_subcommand_from $commands" -l state-dir -r -F -d 'Folder of what is remembered'
complete -c faqd -n "__fish_seen_subcommand_from $commands" -l cache-dir -r -F -d 'Folder of packs made ready'
complete -c faqd -n "__fish_seen_subcommand_from $commands" -l log-level -x -a 'error warning info debug' -d 'Least important records to log'
complete -c faqd -n "__fish_seen_subcommand_from $commands" -l log-format -x -a 'text json' -d 'How to log'
complete -c faqd -n '__fish_seen_subcommand_from ask chat explain' -l lang -x -a 'fr en' -d 'Language of the answers'
complete -c faqd -n '__fish_seen_subcommand_from ask chat misses stats' -l json -d 'One JSON object a line'
complete -c faqd -n '__fish_seen_subcommand_from misses stats' -l days -x -d 'How far back'
complete -c faqd -n '__fish_seen_subcommand_from chat' -l plain -d 'For screen readers'
complete -c faqd -n '__fish_seen_subcommand_from chat' -l color -x -a 'auto always never' -d Colours
complete -c faqd -n '__fish_seen_subcommand_from run' -l print-config -d 'Show the settings and where they come from'
complete -c faqd -n '__fish_seen_subcommand_from compile' -l into -r -F -d 'Folder of the images'
complete -c faqd -n '__fish_seen_subcommand_from check compile' -F
