using Involute.Host.Listing;
using Xunit;

namespace Involute.Host.Tests.Listing;

public sealed class RunListTextTests
{
    private static readonly ListedRun Finished = new(
        "first", "finished", 600, 600, 41.234, 11_100, 60, 0.60602, 0.59051, "fashion-mnist-8-relu32", "adam",
        "persistent-es", "folder", "/runs/first", null);

    private static readonly IReadOnlyList<ListedRun> Runs =
    [
        Finished,
        Finished with
        {
            Run = "a-name-of-many-letters-that-needs-a-line", Status = "running", OuterStep = 12_345, OuterSteps = 100_000,
            OuterStepsPerSecond = 1234.5, AgeSeconds = 10, Where = "postgresql 127.0.0.1:5432/involute",
        },
        new("elsewhere", "stored", 7, null, null, null, null, null, null, null, null, null,
            "postgresql 127.0.0.1:5432/involute", null, null),
        new("odd", "unreadable", 0, null, null, null, null, null, null, null, null, null, "folder", "/runs/odd",
            "/runs/odd/config.conf: the file is empty; allowed: settings in a block involute { … }"),
    ];

    [Fact]
    public void Eighty_columns_have_the_settings_below_each_run() => Assert.Equal(
        """
        run        status              step    rate     age  meta-loss    best
        first      finished         600/600  41.2/s  3h 05m      0.606  0.5905
          fashion-mnist-8-relu32, adam, persistent-es; folder
        a-name-of-many-letters-that-needs-a-line
                   running     12345/100000  1234/s   10.0s      0.606  0.5905
          fashion-mnist-8-relu32, adam, persistent-es; postgresql
          127.0.0.1:5432/involute
        elsewhere  stored               7/?       -       -          -       -
          postgresql 127.0.0.1:5432/involute, no folder here
        odd        unreadable           0/?       -       -          -       -
          /runs/odd/config.conf: the file is empty; allowed: settings in a block
          involute { … }
        """.Split('\n'),
        RunListText.Lines(Runs, 80));

    [Fact]
    public void Where_they_fit_each_run_is_one_line() => Assert.Equal(
        """
        run    status       step    rate     age  meta-loss    best  task                    optimizer  estimator      where
        first  finished  600/600  41.2/s  3h 05m      0.606  0.5905  fashion-mnist-8-relu32  adam       persistent-es  folder
        """.Split('\n'),
        RunListText.Lines([Finished], 120));

    // A pipe has no width, and programs that read lines want one for each run.
    [Fact]
    public void A_pipe_gets_one_line_for_each_run() => Assert.Equal(Runs.Count + 1, RunListText.Lines(Runs, null).Count);

    [Fact]
    public void Json_has_exactly_the_promised_properties() => Assert.Equal(
        """[{"run":"first","status":"finished","outerStep":600,"outerSteps":600,"outerStepsPerSecond":41.234,"ageSeconds":11100,"idleSeconds":60,"meanMetaLoss":0.60602,"bestMetaLoss":0.59051,"task":"fashion-mnist-8-relu32","optimizer":"adam","estimator":"persistent-es","where":"folder","folder":"/runs/first","problem":null,"forkedFrom":null}]""",
        ListedRun.ToJson([Finished]));

    [Fact]
    public void The_best_is_the_lowest_mean_and_not_a_lucky_step()
    {
        // Sixty rows: means of three.
        double[] losses = [.. Enumerable.Range(1, 60).Select(step => step == 10 ? 0.0 : step is 30 or 31 or 32 ? 0.5 : 1.0)];

        var summary = LossSummary.Of(losses);

        Assert.Equal(new LossSummary(1, 0.5), summary);
    }

    [Fact]
    public void Of_a_run_without_rows_there_is_no_loss() => Assert.Equal(new LossSummary(null, null), LossSummary.Of([]));
}
