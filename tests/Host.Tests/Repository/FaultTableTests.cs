using System.Text.RegularExpressions;
using Xunit;

namespace Involute.Host.Tests.Repository;

/// <summary>
/// docs/faults.md names a test for each fault: what it names exists, and a row without one says that it was not tried.
/// </summary>
public sealed partial class FaultTableTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "faults.md"));

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var files = SourceTree.Files(Path.Combine(SourceTree.Root, "tests"), "*.cs")
            .Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var named = TestClass().Matches(Page).Select(match => match.Value).Distinct().ToList();

        Assert.True(named.Count > 30, $"{named.Count}");
        Assert.All(named, name => Assert.Contains(name, files));
    }

    [Fact]
    public void Every_scenario_that_is_named_exists()
    {
        var scenarios = File.ReadAllText(Path.Combine(SourceTree.Root, "tests", "faults", "Scenario.cs"));
        var named = Rows().SelectMany(row => Code().Matches(row[^1])).Select(match => match.Groups["name"].Value)
            .Where(name => !name.Contains('=', StringComparison.Ordinal)).Distinct().ToList();

        Assert.True(named.Count > 15, $"{named.Count}");
        Assert.All(named, name => Assert.Contains($"new(\"{name}\"", scenarios, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_scenario_is_explained()
    {
        var source = File.ReadAllText(Path.Combine(SourceTree.Root, "tests", "faults", "Scenario.cs"));
        var explained = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "cluster-testing.md"));
        var names = Scenario().Matches(source).Select(match => match.Groups["name"].Value).ToList();

        Assert.True(names.Count > 30, $"{names.Count}");
        Assert.All(names, name => Assert.Contains($"`{name}`", explained, StringComparison.Ordinal));
    }

    [Fact]
    public void A_row_without_a_test_says_that_it_was_not_tried() => Assert.All(
        Rows(), row => Assert.Equal(row[^1] == "none", row[1].Contains("**Not tried**", StringComparison.Ordinal)));

    private static List<string[]> Rows() =>
    [
        .. Page[..Page.IndexOf("## Errors of the store", StringComparison.Ordinal)].Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Where(line => !line.StartsWith("| Fault", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | ")),
    ];

    [GeneratedRegex(@"\b[A-Z][A-Za-z0-9]+Tests\b")]
    private static partial Regex TestClass();

    [GeneratedRegex("new\\(\"(?<name>[a-z0-9-]+)\"")]
    private static partial Regex Scenario();

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Code();
}
