using System.Text.RegularExpressions;
using Xunit;

namespace Involute.Host.Tests.Repository;

public sealed partial class SlowTestsTests
{
    // Contributors wait for the fast tests, which must not start processes or form clusters over TCP.
    [Fact]
    public void Tests_that_start_processes_or_clusters_are_marked_slow()
    {
        var starting = SourceTree.Files(Path.Combine(SourceTree.Root, "tests"), "*Tests.cs")
            .Where(file => Path.GetFileName(file) != "SlowTestsTests.cs")
            .Select(file => (Name: SourceTree.Name(file), Text: File.ReadAllText(file)))
            .Where(test => Starting().IsMatch(test.Text))
            .ToList();

        Assert.True(starting.Count > 20);
        Assert.Empty(starting.Where(test => !Marked().IsMatch(test.Text)).Select(test => test.Name));
    }

    [GeneratedRegex(@"\b(InvoluteProcess|RunsOnDisk|ChildProcess|ProcessStartInfo|Process\.Start)\b|new ClusterRun\(")]
    private static partial Regex Starting();

    [GeneratedRegex(@"^\[Trait\(""Speed"", ""slow""\)\]\r?\npublic sealed ", RegexOptions.Multiline)]
    private static partial Regex Marked();
}
