using Involute.Actors.Cluster;
using Involute.Runs.Folders;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Cluster;

public sealed class NodesFileTests : IDisposable
{
    private static readonly IReadOnlyList<ClusterMember> Members =
        [new ClusterMember("127.0.0.1:4053", ClusterRole.Learner, "up", true, 1, null)];

    private readonly ScratchFolder _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Members_that_cannot_be_written_down_are_one_warning_and_do_not_end_the_run()
    {
        var folder = RunFolder.Create(_runs.Path, "a", "");
        var warnings = new List<string>();
        var nodes = new NodesFile(folder, warnings.Add);
        Directory.CreateDirectory(folder.Nodes);
        nodes.Write(Members);
        nodes.Write(Members);
        Assert.Contains(
            "members of the cluster cannot be written", Assert.Single(warnings), StringComparison.Ordinal);

        Directory.Delete(folder.Nodes);
        nodes.Write(Members);
        Assert.Contains("127.0.0.1:4053", File.ReadAllText(folder.Nodes), StringComparison.Ordinal);
        Assert.Equal([new Endpoint("127.0.0.1", 4053)], NodesFile.Addresses(folder));
    }
}
