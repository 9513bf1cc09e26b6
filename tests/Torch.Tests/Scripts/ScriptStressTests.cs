using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Tests;
using Involute.Torch.Tests.Support;
using Xunit;

namespace Involute.Torch.Tests.Scripts;

/// <summary>
/// Models on two threads beside a third one that collects garbage all the time: in a process of its own, which a crash
/// would end.
/// </summary>
[Trait("Speed", "slow")]
public sealed class ScriptStressTests
{
    private const string RunsIn = "INVOLUTE_TEST_SCRIPT_STRESS";

    // Some 30 operations of libtorch each. A million in all, 34,000 passes, was run by hand.
    private const int Passes = 6_000;

    [Fact]
    public async Task Operations_on_two_threads_beside_the_garbage_collector_have_the_same_bits()
    {
        TorchRequired.OrSkip();
        Assert.SkipUnless(TorchRuntime.AllowsThreads, "numbers are kept on Linux on x64 only: elsewhere torch has one thread");
        var (code, output) = await ChildProcess.RunAsync(typeof(Passing), (RunsIn, "1"));
        Assert.True(code == 0, $"exit code {code}: {output}");
    }

    public sealed class Passing
    {
        [Fact]
        public void Forward_and_backward()
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable(RunsIn) == "1", "run by the test of its process");
            using var folder = new ScratchFolder();
            var task = ScriptFixtures.Options(folder.Path).Create();
            var expected = new Run(task, 1);
            using var done = new CancellationTokenSource();
            var collector = new Thread(() =>
            {
                while (!done.IsCancellationRequested)
                {
                    GC.Collect(0);
                }
            });
            var results = new Run[2];
            var threads = Enumerable.Range(0, 2).Select(i => new Thread(() => results[i] = new Run(task, Passes / 2)))
                .ToList();
            collector.Start();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            done.Cancel();
            collector.Join();
            Assert.All(results, run => Assert.Equal((Passes / 2, 0), (run.Done, run.Wrong)));
            Assert.All(results, run => Assert.Equal(expected.First, run.First));
        }
    }

    /// <summary>Passes over the same batch, which must all give the same bits.</summary>
    private sealed class Run
    {
        public Run(IInnerTask task, int passes)
        {
            var parameters = new float[task.Parameters.Sum(slice => slice.Length)];
            var gradient = new float[parameters.Length];
            var key = new TrajectoryKey(1, 0, 0);
            task.Initialise(key, parameters);
            using var batch = task.CreateBatch();
            while (Done < passes)
            {
                batch.Prepare(key.At(0), DataSplit.Train, RandomStream.DataOrder);
                var loss = batch.LossAndGradient(parameters, gradient);
                First ??= [loss, .. gradient];
                Wrong += loss == First[0] && gradient.Select(value => (double)value).SequenceEqual(First.Skip(1)) ? 0 : 1;
                Done++;
            }
        }

        public double[]? First { get; }

        public int Done { get; }

        public int Wrong { get; }
    }
}
