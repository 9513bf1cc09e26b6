using Involute.Actors.Tests.Doubles;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Local;

public sealed class DivergenceTests
{
    // Each step multiplies the parameters by 1e20: the second is beyond float32.
    private const double Explosive = 1e20;

    [Theory]
    [InlineData(DivergencePolicy.Ceiling, "reports the ceiling loss")]
    [InlineData(DivergencePolicy.Skip, "biases the gradient")]
    public async Task A_diverged_arm_is_told_once_and_then_counted(DivergencePolicy policy, string consequence)
    {
        var plan = TestPlans.Sgd(Explosive, policy, metaRate: 0);
        var (outcome, observer) = await Run(plan);

        Assert.Equal(RunStatus.Finished, outcome.Status);
        Assert.Equal(TestPlans.SequentialHashes(plan, 6), observer.Hashes);
        Assert.Equal(2, observer.Warnings.Count);
        Assert.StartsWith("pair 0 diverged in trajectory", observer.Warnings[0], StringComparison.Ordinal);
        Assert.Contains(consequence, observer.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("windows had a diverged arm so far", observer.Warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policy_fail_ends_the_run_and_names_what_reproduces_it()
    {
        var (outcome, observer) = await Run(TestPlans.Sgd(Explosive, DivergencePolicy.Fail));

        Assert.Equal(RunStatus.Diverged, outcome.Status);
        Assert.Empty(observer.Steps);
        Assert.Equal(0, outcome.State!.Theta.Version.Value);
        Assert.StartsWith(
            "outer step 1 diverged: pair 0 diverged in trajectory ", outcome.Message, StringComparison.Ordinal);
        Assert.Contains("(seed 5, theta version 0)", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_theta_that_is_no_longer_finite_is_not_adopted()
    {
        var (outcome, observer) = await Run(TestPlans.Sgd(metaRate: 1e300));

        Assert.Equal(RunStatus.Diverged, outcome.Status);
        Assert.True(outcome.State!.Theta.IsFinite);
        Assert.Equal(observer.Steps.Count, outcome.State.Theta.Version.Value);
        Assert.StartsWith(
            $"outer step {observer.Steps.Count + 1} diverged: theta is no longer finite",
            outcome.Message,
            StringComparison.Ordinal);
    }

    private static async Task<(RunOutcome Outcome, RecordingObserver Observer)> Run(TrainingPlan<float> plan)
    {
        var observer = new RecordingObserver();
        await using var run = new TestRun(
            TestRun.Settings(plan, 6), MemoryLedgerActor.CreateProps(new MemoryStore()), observer);
        run.AddNode();
        return (await run.Outcome, observer);
    }
}
