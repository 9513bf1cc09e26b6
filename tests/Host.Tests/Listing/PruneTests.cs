using Involute.Host.Commands;
using Involute.Host.Listing;
using Xunit;

namespace Involute.Host.Tests.Listing;

public sealed class PruneTests
{
    private const double Day = 86_400;

    private static readonly IReadOnlyList<ListedRun> Runs =
    [
        Run("running", "running", 0, 0),
        Run("fresh", "finished", 100, 1),
        Run("old", "finished", 100, 40),
        Run("crashed", "crashed", 50, 30),
        Run("empty", "crashed", 0, null),
        Run("odd", ListedRun.Unreadable, 0, null),
        Run("away", "crashed", 0, null) with { Problem = "the server does not answer" },
    ];

    [Fact]
    public void Without_a_condition_runs_without_an_outer_step_go() => Assert.Equal(["empty"], Doomed([], null, null));

    [Fact]
    public void All_conditions_hold()
    {
        Assert.Equal(["crashed", "empty"], Doomed(["crashed"], null, null));
        Assert.Equal(["old", "crashed", "empty"], Doomed([], 30, null));
        Assert.Equal(["old"], Doomed(["finished"], 30, null));
        Assert.Equal(["old", "empty"], Doomed([], null, 3));
        Assert.Equal(["old"], Doomed(["finished"], 30, 3));
    }

    private static IEnumerable<string> Doomed(string[] statuses, int? days, int? keep) =>
        RunsPruneCommand.Doomed(Runs, statuses, days, keep).Select(run => run.Run);

    private static ListedRun Run(string name, string status, long step, double? days) => new(
        name, status, step, 100, null, days * Day, days * Day, null, null, "quadratic", "sgd", "full-es", "folder", $"/{name}",
        null);
}
