using System.Globalization;
using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Tasks;
using Involute.Torch.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Native;

/// <summary>10,000 windows, with resets, in a process of their own: no tensor is left behind, and little memory.</summary>
[Trait("Speed", "slow")]
public sealed class NativeMemoryTests
{
    private const string RunIn = "INVOLUTE_TEST_WINDOWS";
    private const int Windows = 10_000;

    // Until all code is compiled, and as many freed numbers wait as will.
    private const int WarmUp = 5_000;

    // Seen: 0.6 MiB by lanes, 6.5 by vmap, 9.6 on the device (docs/torch.md); 2 KiB of each window would be more.
    private const long MostGrowth = 16 << 20;

    [Theory]
    [InlineData("lanes")]
    [InlineData("vmap")]
    [InlineData("device")]
    public async Task Windows_leave_nothing_behind(string how)
    {
        TorchRequired.OrSkip();
        var (code, output) = await ChildProcess.RunAsync(typeof(ManyWindows), (RunIn, how));
        Assert.True(code == 0, output);
    }

    public sealed class ManyWindows
    {
        [Fact]
        public void Run()
        {
            var how = Environment.GetEnvironmentVariable(RunIn);
            Assert.SkipUnless(how is not null, "run by the test of its process");
            var task = new Parabola(how == "vmap" ? TorchBatching.Vmap : TorchBatching.Lanes)
            {
                Place = new TorchPlace(TorchDevice.Cpu, UpdatesByTorch: how == "device"),
            };
            var plan = TrainingPlan.Create(
                new OptimizedTask(task, new LearnableAdam(0.01)), new PersistentES<float>(), new ConstantSchedule(3), pairs: 1,
                window: 1, offset: 3, sigma: 0.1, seed: 3);
            using var pairs = new PairState<float>(plan, plan.Blocks()[0]);
            var theta = OuterState<float>.Initial(plan).Theta;
            var slot = new ComputeSlot<float>();
            for (var window = 0; window < WarmUp; window++)
            {
                pairs.RunWindow(theta, slot);
            }

            var (tensors, bytes) = Settled();
            for (var window = 0; window < Windows; window++)
            {
                pairs.RunWindow(theta, slot);
            }

            var (tensorsAfter, bytesAfter) = Settled();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{how}: {tensors} tensors, after {Windows} windows {tensorsAfter}; {bytes >> 10} KiB, then {bytesAfter >> 10} KiB"));
            Assert.Equal(tensors, tensorsAfter);
            Assert.InRange(bytesAfter - bytes, long.MinValue, MostGrowth);
        }

        // Live tensors, and what the process has in memory beside what .NET manages.
        private static (long Tensors, long Bytes) Settled()
        {
            GC.Collect(GC.MaxGeneration);
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration);
            return (Tensor.TotalCount, Environment.WorkingSet - GC.GetGCMemoryInfo().TotalCommittedBytes);
        }
    }

    // The smallest task.
    private sealed class Parabola(TorchBatching batching) : LaneTask("parabola", [("p", [4])], batching)
    {
        public override BatchDraw Draws => new(4);

        public override void Draw(
            StepKey key, DataSplit split, RandomStream order, BatchOrder shuffling, Span<int> indices,
            Span<float> normals) => indices.Clear();

        public override Tensor[] Gather(Tensor indices, Tensor normals, DataSplit split) =>
            [indices.to_type(ScalarType.Float32)];

        public override Tensor LaneLosses(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> batch) =>
            parameters[0].sub(batch[0]).Squared().mean([1]);

        protected override InitialValues InitialOf(Involute.Tasks.TensorSlice slice) => new(1, 0);
    }
}
