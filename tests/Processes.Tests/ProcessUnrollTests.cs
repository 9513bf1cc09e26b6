using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Processes.Tests;

/// <summary>What a child computes is what its step function computes in this process, bit for bit.</summary>
[Trait("Speed", "slow")]
public sealed class ProcessUnrollTests
{
    [Theory]
    [InlineData("lorenz", "lanes=4096")]
    [InlineData("lorenz", "lanes=1")]
    [InlineData("lorenz", "lanes=3")]
    [InlineData("drift:5:3", "lanes=4096")]
    [InlineData("drift:5:3", "varies=1")]
    [InlineData("drift:6:3:100", "lanes=5")]
    [InlineData("drift:41:7:100", "varies=1")]
    [InlineData("drift:20001:2", "lanes=4096")] // Requests and answers in the shared file.
    [InlineData("drift:20001:2:50", "varies=1")]
    [InlineData("drift:3:40001", "lanes=4096")] // Only requests.
    public void Windows_with_resets_in_the_middle_give_the_same_bits(string step, string option)
    {
        using var problem = TestChild.Start("serve", step, option);
        using var twins = new Twins(problem, step, pairs: 4);
        twins.Advance(
            rows: 4,
            Twins.Segment(0, 0, 0, 5, 0, horizon: 12),
            Twins.Segment(1, 0, 0, 3, 10, horizon: 3),
            Twins.Segment(2, 0, 0, 5, 16, horizon: 100),
            Twins.Segment(3, 0, 0, 5, 26, horizon: int.MaxValue),
            Twins.Segment(1, 1, 0, 2, 36, horizon: 9));
        twins.SameStates();
        for (var window = 1; window < 4; window++)
        {
            // Pair 1 begins three trajectories, with thetas of their own.
            twins.Advance(
                rows: 6,
                Twins.Segment(2, 0, 5 * window, 5, 0),
                Twins.Segment(1, (uint)(10 * window), 0, 1, 10, horizon: 1),
                Twins.Segment(0, (uint)window, 0, 4, 12, horizon: 4),
                Twins.Segment(1, (uint)((10 * window) + 1), 0, 2, 20, horizon: 2, row: 4),
                Twins.Segment(1, (uint)((10 * window) + 2), 0, 2, 24, horizon: 7, row: 5));
            twins.SameStates();
        }

        twins.Reset(3, new Trajectory(new TrajectoryKey(Twins.Seed, 103, 8), 40));
        twins.Advance(rows: 4, Twins.Segment(3, 8, 0, 6, 0));
        twins.SameStates();
    }

    [Fact]
    public void States_that_are_saved_and_loaded_go_on_with_the_same_bits()
    {
        foreach (var option in new[] { "lanes=4096", "varies=1" })
        {
            using var problem = TestChild.Start("serve", "drift:9:3:60", option);
            using var first = new Twins(problem, "drift:9:3:60", pairs: 3);
            var begin = Enumerable.Range(0, 3).Select(pair => Twins.Segment(pair, 0, 0, 6, 12 * pair, horizon: 50)).ToArray();
            first.Advance(rows: 3, begin);
            var saved = Enumerable.Range(0, 3).Select(pair => Saved(first.There, pair)).ToArray();
            using var second = problem.CreateUnroll(3, ArmSet.Antithetic);
            for (var pair = 0; pair < 3; pair++)
            {
                second.Load(2 - pair, saved[pair]);
                Assert.Equal(saved[pair], Saved(second, 2 - pair));
            }

            Assert.Equal(first.There.StateBytesPerPair, saved[0].Length);
        }
    }

    [Fact]
    public void What_is_saved_depends_on_the_state_alone()
    {
        using var problem = TestChild.Start("serve", "drift:9:3", "varies=1");
        using var twins = new Twins(problem, "drift:9:3", pairs: 1);
        twins.Advance(rows: 1, Twins.Segment(0, 0, 0, 1, 0, horizon: 50));
        var fresh = Saved(twins.There, 0);

        // A longer state, and then a short one again: nothing is left of what was there.
        twins.Advance(rows: 1, Twins.Segment(0, 0, 1, 8, 0));
        twins.Advance(rows: 1, Twins.Segment(0, 0, 0, 1, 0, horizon: 50));
        Assert.Equal(fresh, Saved(twins.There, 0));
    }

    [Fact]
    public void A_state_that_no_lane_can_have_is_refused()
    {
        using var problem = TestChild.Start("serve", "drift:9:3", "varies=1");
        using var unroll = problem.CreateUnroll(1, ArmSet.Antithetic);
        var saved = new byte[unroll.StateBytesPerPair];
        saved[1] = 37;
        Assert.Throws<InvalidDataException>(() => unroll.Load(0, saved));
    }

    [Theory]
    [InlineData("lorenz")]
    [InlineData("drift:7:3:200")]
    public void An_evaluation_is_a_mean_of_steps_on_copies(string step)
    {
        using var problem = TestChild.Start("serve", step);
        using var twins = new Twins(problem, step, pairs: 2);
        twins.Advance(rows: 2, Twins.Segment(0, 0, 0, 3, 0, horizon: 9), Twins.Segment(1, 0, 0, 2, 6, horizon: 9));
        twins.Evaluate(1, new EvaluationKey(new TrajectoryKey(Twins.Seed, 101, 0), DataSplit.Test, 3, 5));
        twins.Evaluate(0, new EvaluationKey(new TrajectoryKey(Twins.Seed, 100, 0), DataSplit.Train, 0, 1));
        twins.SameStates();
    }

    [Fact]
    public void A_child_that_evaluates_is_asked_for_the_mean_and_gets_the_split()
    {
        using var problem = TestChild.Start("serve", "drift:7:3", "evaluates=1");
        using var other = TestChild.Start("serve", "drift:7:3");
        var losses = new List<StepLoss[]>();
        foreach (var one in new[] { problem, other })
        {
            using var twins = new Twins(one, "drift:7:3", pairs: 1);
            twins.Advance(rows: 1, Twins.Segment(0, 0, 0, 3, 0, horizon: 9));
            var thetas = new ArmThetas<float>(twins.Thetas(1), 2, 3);
            var means = new StepLoss[2];
            twins.There.Evaluate(0, thetas, new EvaluationKey(new TrajectoryKey(Twins.Seed, 100, 0), DataSplit.OuterValid, 3, 4), means);
            losses.Add(means);
        }

        Assert.Equal(losses[1][0].Loss + 2000, losses[0][0].Loss, 1e-9);
        Assert.Equal(losses[1][1].Loss + 2000, losses[0][1].Loss, 1e-9);
    }

    [Fact]
    public void Lanes_are_forked()
    {
        using var problem = TestChild.Start("serve", "drift:7:3:300");
        using var twins = new Twins(problem, "drift:7:3:300", pairs: 3, ArmSet.AntitheticAndCentre);
        twins.Advance(rows: 3, [.. Enumerable.Range(0, 3).Select(pair => Twins.Segment(pair, 0, 0, 4, 12 * pair, horizon: 90))]);
        twins.Fork((unroll, pair) => unroll.ForkFromPositive(pair));
        twins.Fork((unroll, pair) => unroll.ForkFromCentre(pair));
        twins.Advance(rows: 3, [.. Enumerable.Range(0, 3).Select(pair => Twins.Segment(pair, 0, 4, 4, 12 * pair))]);
        twins.SameStates();
    }

    private static byte[] Saved(IUnroll<float> unroll, int pair)
    {
        var saved = new byte[unroll.StateBytesPerPair];
        saved.AsSpan().Fill(0xAA);
        unroll.Save(pair, saved);
        return saved;
    }
}
