using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests.Pairs;

public sealed class PairStateTests
{
    internal static readonly PairBlock Block = new(3, 3);

    private static readonly string[] Noisy =
        ["pes", "full", "tes", "tes-positive", "nres", "gpes1", "gpes5", "gpes7", "telescoping-pes"];

    // These need a problem with forward gradients.
    private static readonly string[] Differentiate = ["pes-analytic", "tbptt", "rtrl", "full-grad"];

    internal static TrainingPlan<float> Plan(string estimator, ResetContract reset = ResetContract.Exact) => new(
        Differentiate.Contains(estimator)
            ? new StepProblem<float>(new SgdOnSquare<float>(0.1))
            : new OptimizedTask(new FixedDimQuadraticFamily(10), new LearnableAdam(0.05)),
        Problems.Estimators.Of<float>(estimator),
        new GaussianNoise<float>(0.1),
        new LogUniformSchedule(3, 40),
        new WindowSettings(9, 7, 20, Reset: reset),
        new MetaAdam<float>(0.01),
        Pairs: 6,
        PairsPerActor: 3);

    [Theory]
    [MemberData(nameof(All))]
    public void A_saved_and_loaded_pair_goes_on_with_the_same_bits(string estimator, ResetContract reset)
    {
        var plan = Plan(estimator, reset);
        var slot = new ComputeSlot<float>();
        var theta = OuterState<float>.Initial(plan).Theta;
        using var original = new PairState<float>(plan, Block);
        for (var window = 0; window < 20; window++)
        {
            using var copy = new PairState<float>(plan, Block);
            copy.Load(original.Save());
            Assert.Equal(original.Save(), copy.Save());
            AssertSame(original.RunWindow(theta, slot), copy.RunWindow(theta, new ComputeSlot<float>()));
            Assert.Equal(original.Save(), copy.Save());
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_block_is_the_rounded_sum_of_its_pairs(string estimator, ResetContract reset)
    {
        var plan = Plan(estimator, reset);
        var slot = new ComputeSlot<float>();
        var theta = OuterState<float>.Initial(plan).Theta;
        using var block = new PairState<float>(plan, Block);
        var singles =
            Enumerable.Range(3, 3).Select(pair => new PairState<float>(plan, new PairBlock(pair, 1))).ToArray();
        for (var window = 0; window < 10; window++)
        {
            var whole = block.RunWindow(theta, slot);
            var parts = singles.Select(single => single.RunWindow(theta, slot)).ToArray();
            Assert.Equal(parts.SelectMany(part => part.Reports), whole.Reports);
            for (var i = 0; i < whole.Gradient.Length; i++)
            {
                var sum = parts.Sum(part => (double)part.Gradient.Span[i]);
                Assert.Equal(sum, whole.Gradient.Span[i], parts.Sum(part => Math.Abs(part.Gradient.Span[i])) * 1e-6);
            }
        }

        Array.ForEach(singles, single => single.Dispose());
    }

    [Fact]
    public void State_of_another_block_or_a_torn_state_is_refused()
    {
        using var pair = new PairState<float>(Plan("pes"), Block);
        using var other = new PairState<float>(Plan("pes"), new PairBlock(0, 3));
        var state = pair.Save();
        Assert.Throws<InvalidDataException>(() => other.Load(state));
        Assert.Throws<InvalidDataException>(() => pair.Load(state.AsSpan(0, state.Length - 1)));
    }

    public static TheoryData<string, ResetContract> All()
    {
        var rows = new TheoryData<string, ResetContract>();
        foreach (var estimator in Noisy.Concat(Differentiate))
        {
            rows.Add(estimator, ResetContract.Exact);
            rows.Add(estimator, ResetContract.Upstream);
        }

        return rows;
    }

    private static void AssertSame(PairContribution<float> expected, PairContribution<float> actual)
    {
        Assert.True(expected.Gradient.Span.SequenceEqual(actual.Gradient.Span));
        Assert.Equal(expected.Reports, actual.Reports);
    }
}
