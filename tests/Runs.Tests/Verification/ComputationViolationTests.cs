using Involute.Runs.Ledger;
using Involute.Runs.Verification.Evidence;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Verification;

public sealed class ComputationViolationTests
{
    private static readonly Computation Upgrade = Sample.Computation with { Modules = "Involute.A 05" };

    private readonly RecordedRun _run = RecordedRun.Of(10, 4, 8);

    [Fact]
    public void An_epoch_that_another_build_computed_to_the_same_numbers_is_none()
    {
        Add(2, Upgrade);

        Assert.Empty(_run.Violations(Here(Upgrade)));
        Assert.Equal("data and builds of 2 epochs (2 builds)", LookedAt(Here(Upgrade)));
        Assert.Equal(
            "data and builds of 2 epochs (2 builds); this program is another build",
            LookedAt(Here(Sample.Computation)));
    }

    [Fact]
    public void An_epoch_with_other_data_or_other_numbers_is_one()
    {
        Add(2, Sample.Computation with { Fingerprint = "f00d" });
        Add(3, Sample.Computation with { Fingerprint = "f00d", DataSha256 = "da7a" });

        Assert.Collection(
            _run.Violations(),
            first => Assert.StartsWith("computation: epoch 2: the same program gives other numbers", first),
            second => Assert.StartsWith("computation: epoch 3: the run's data is not what it was", second));
    }

    [Fact]
    public void Other_data_here_is_one()
    {
        var violation = Assert.Single(_run.Violations(Here(Sample.Computation with { DataSha256 = "da7a" })));

        Assert.StartsWith("computation: the run's data is not what it was: data (da7a, not ", violation);
    }

    [Fact]
    public void A_program_that_cannot_compute_the_run_says_why_and_checks_the_rest()
    {
        var expected = RecordedRun.Expected with { NotComputed = "no such file" };

        Assert.Empty(_run.Violations(expected));
        Assert.Equal(
            "data and builds of 1 epoch (1 build); this program was not compared: no such file", LookedAt(expected));
    }

    private static ExpectedRun Here(Computation computation) => RecordedRun.Expected with { Computation = computation };

    private void Add(long epoch, Computation computation) =>
        _run.Events.Add(new EpochStarted(epoch, Sample.Run, Sample.Identity, computation));

    private string LookedAt(ExpectedRun expected) =>
        _run.Verify(expected).Checks.Single(check => check.Name == "computation").LookedAt;
}
