using Involute.Estimators.Estimation;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests;

/// <summary>What does not follow from the keys is found, and the way that shows it is named.</summary>
public sealed class RepeatabilityCheckTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_plan_that_follows_from_its_keys_is_the_same_in_all_ways(int pairsPerActor)
    {
        var plan = Plan(new OptimizedTask(new QuadraticTask(4), new LearnableAdam())) with { PairsPerActor = pairsPerActor };
        foreach (var estimator in new IGradientEstimator<float>[]
            {
                new PersistentES<float>(), new FullES<float>(), new TruncatedES<float>(),
            })
        {
            var findings = RepeatabilityCheck.Of(plan with { Estimator = estimator });
            Assert.Equal(Enum.GetValues<RepeatedWay>().Except([RepeatedWay.InAnotherProcess]), findings.Select(finding => finding.Way));
            Assert.All(findings, finding => Assert.Null(finding.Problem));
        }
    }

    [Fact]
    public void Randomness_that_is_not_drawn_from_a_key()
    {
        var draws = 0;
        var findings = Of(problem => problem.Extra = () => Interlocked.Increment(ref draws));
        Assert.Equal((RepeatedWay.Again, "the losses of window 1 differ"), (findings[0].Way, findings[0].Problem));
    }

    [Fact]
    public void A_state_that_is_not_restored()
    {
        var findings = Of(problem => problem.Forgets = true);
        Assert.Equal(
            [RepeatedWay.Restored], findings.Where(finding => finding.Problem is not null).Select(finding => finding.Way));
    }

    [Fact]
    public void A_field_that_pairs_share()
    {
        var findings = RepeatabilityCheck.Of(Plan(new StepProblem<float>(new Shares())));
        Assert.Contains(findings, finding => finding is { Way: RepeatedWay.AmongOthers, Problem: not null });
        Assert.Equal("the losses differ", findings.Single(finding => finding.Way == RepeatedWay.InAnotherOrder).Problem);
        Assert.Null(findings.Single(finding => finding.Way == RepeatedWay.Again).Problem);
        Assert.Null(findings.Single(finding => finding.Way == RepeatedWay.Restored).Problem);
    }

    private static IReadOnlyList<RepeatabilityFinding> Of(Action<ChangedProblem> change)
    {
        var problem = new ChangedProblem(new OptimizedTask(new QuadraticTask(4), new LearnableAdam()));
        change(problem);
        return RepeatabilityCheck.Of(Plan(problem));
    }

    private static TrainingPlan<float> Plan(IInnerProblem<float> problem) => TrainingPlan.Create<float>(
        problem, new PersistentES<float>(), new LogUniformSchedule(100, 1000), pairs: 4, window: 50, offset: 1000);

    // What the trajectory that was begun last has drawn stands in a field of the problem.
    private sealed class Shares : IStepFunction<float>
    {
        private float _drawn;

        public string Name => "shares";

        public ThetaLayout Layout { get; } = new(("x", []));

        public int StateLength => 1;

        public void InitialTheta(long seed, Span<float> theta) => theta[0] = 1;

        public void Initialise(ReadOnlySpan<float> theta, Trajectory trajectory, Span<float> state) =>
            _drawn = (float)trajectory.Key.Stream(RandomStream.TaskSample).Normal(0);

        public float Step(ReadOnlySpan<float> theta, StepKey key, Span<float> state) => theta[0] * _drawn;
    }
}
