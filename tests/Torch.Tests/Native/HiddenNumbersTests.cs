using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Native;
using Involute.Torch.Tests.Support;
using Involute.Torch.Tests.Tasks;
using Xunit;

namespace Involute.Torch.Tests.Native;

/// <summary>
/// Steps of the built-in tasks make no number that TorchSharp would free while native code may still read it: they need no
/// cure, which not every platform has. The cure counts them, in a process of its own.
/// </summary>
[Trait("Speed", "slow")]
public sealed class HiddenNumbersTests
{
    private const string RunIn = "INVOLUTE_TEST_HIDDEN_NUMBERS";

    [Fact]
    public async Task Steps_of_built_in_tasks_free_no_number()
    {
        TorchRequired.OrSkip();
        Assert.SkipUnless(TorchRuntime.AllowsThreads, "numbers are counted where they are kept: on Linux on x64");
        var (code, output) = await ChildProcess.RunAsync(typeof(BuiltInTasks), (RunIn, "1"));
        Assert.True(code == 0, output);
    }

    public sealed class BuiltInTasks
    {
        public static TheoryData<string> Names() =>
            [.. TorchTasks.Names.Except(["torch-mlp"])];

        [Theory]
        [MemberData(nameof(Names))]
        public void Steps(string name)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable(RunIn) == "1", "run by the test of its process");
            var problem = new OptimizedTask(TorchTasks.Of(name, TorchBatching.Lanes), new LearnableAdam(0.01));
            using var unroll = problem.CreateUnroll(2, ArmSet.Antithetic);
            Advance(problem, unroll);
            var before = Freed();
            Advance(problem, unroll);
            Assert.Equal(before, Freed());

            // What is counted: a sum with a hidden 1 in it.
            using var sum = TorchSharp.torch.ones(1) + TorchSharp.torch.ones(1);
            Assert.NotEqual(before, Freed());
        }

        private static void Advance(OptimizedTask problem, IUnroll<float> unroll)
        {
            var theta = new float[4 * problem.Layout.Length];
            for (var lane = 0; lane < 4; lane++)
            {
                problem.InitialTheta(1, theta.AsSpan(lane * problem.Layout.Length, problem.Layout.Length));
            }

            var thetas = new ArmThetas<float>(theta, 2, problem.Layout.Length);
            var losses = new StepLoss[2 * 2 * 3];
            var time = LossTime.OnSplitAfterUpdate(DataSplit.OuterValid);
            for (var pair = 0; pair < 2; pair++)
            {
                unroll.Reset(pair, new Trajectory(new TrajectoryKey(5, pair, 0), 100), thetas);
            }

            unroll.Advance(
                [
                    new Segment(0, new TrajectoryKey(5, 0, 0), 0, 3, time, 0),
                    new Segment(1, new TrajectoryKey(5, 1, 0), 0, 3, time, 6),
                ],
                thetas, losses);
        }

        private static long Freed()
        {
            GC.Collect(GC.MaxGeneration);
            GC.WaitForPendingFinalizers();
            return ScalarQuarantine.Count;
        }
    }
}
