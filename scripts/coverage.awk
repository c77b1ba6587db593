# Reads the counts of scripts/coverage (LCOV) and prints a row per module. Fails when less than `least_total` per cent of all
# lines are covered, when a file that matches a word of `complete` has a line that is not, or when no file matches it.

BEGIN { words = split(complete, patterns, " ") }

sub(/^SF:/, "") {
    path = $0
    tests_from = first_line_of_tests(path)
    if (index(path, root) == 1) path = substr(path, length(root) + 1)
    module = module_of(path)
    is_complete = 0
    for (word = 1; word <= words; word++)
        if (path ~ patterns[word]) is_complete = seen[word] = 1
}

sub(/^DA:/, "") {
    split($0, line, ",")
    if (tests_from && line[1] >= tests_from) next
    total++
    lines[module]++
    if (line[2] > 0) {
        covered_total++
        covered[module]++
    } else if (is_complete)
        gaps[path] = gaps[path] " " line[1]
}

END {
    if (!total) fail("there is nothing to count")
    sort = "sort"
    for (module in lines)
        printf "%-44s %7d %7d %6.1f %%\n", module, covered[module], lines[module], 100 * covered[module] / lines[module] | sort
    close(sort)
    printf "%-44s %7d %7d %6.1f %%\n", "all", covered_total, total, 100 * covered_total / total
    for (path in gaps) fail(path " must be covered to the last line; not reached:" gaps[path])
    for (word = 1; word <= words; word++)
        if (!seen[word]) fail("no file matches " patterns[word] ": say in scripts/coverage where it is now")
    if (100 * covered_total < least_total * total) fail("less than " least_total " % of all lines are covered")
    exit failed
}

function fail(why) {
    print "coverage: " why >"/dev/stderr"
    failed = 1
}

# The crate, and the folder or file below its sources: `crates/money`, `src/ledger`.
function module_of(path,    parts, count, depth, module, part) {
    count = split(path, parts, "/")
    depth = parts[1] == "crates" ? 4 : 2
    if (count < depth) depth = count
    module = parts[1]
    for (part = 2; part <= depth; part++) module = module "/" parts[part]
    sub(/\.rs$/, "", module)
    return module
}

# Here the tests of a file are a module at its end.
function first_line_of_tests(path,    text, number, attribute) {
    while ((getline text <path) > 0) {
        number++
        if (attribute && text ~ /^mod [a-z_]+ \{/) break
        attribute = text == "#[cfg(test)]" ? number : 0
    }
    close(path)
    return attribute
}
