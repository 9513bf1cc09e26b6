using static TorchSharp.torch;

namespace Involute.Torch.Tests.Native;

/// <summary>
/// Sums with a hidden number in each, on two threads beside a third one that collects garbage all the time.
/// </summary>
internal static class ScalarStress
{
    private const int Batch = 100;

    /// <summary>Computes sums until there are enough, or until some have failed.</summary>
    /// <param name="sums">How many.</param>
    /// <param name="enough">How many failures end it early.</param>
    /// <returns>Sums that were right, failures, and the first failure's message.</returns>
    public static (long Right, long Failed, string First) Run(long sums, long enough)
    {
        TorchRuntime.Ensure();
        long right = 0, failed = 0;
        var first = "";
        using var done = new CancellationTokenSource();
        var threads = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            while (Interlocked.Read(ref right) + Interlocked.Read(ref failed) < sums && Interlocked.Read(ref failed) < enough)
            {
                var good = 0;
                for (var i = 0; i < Batch; i++)
                {
                    try
                    {
                        using var scope = NewDisposeScope();
                        var sum = ones(8) + ones(8);
                        good += sum.data<float>()[7] == 2 ? 1 : 0;
                    }
                    catch (Exception e) when (e is System.Runtime.InteropServices.ExternalException or InvalidOperationException)
                    {
                        Interlocked.CompareExchange(ref first, e.Message.Split('\n')[0], "");
                    }
                }

                Interlocked.Add(ref right, good);
                Interlocked.Add(ref failed, Batch - good);
            }
        })).ToList();
        var collector = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect(0);
            }
        });
        collector.Start();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        done.Cancel();
        collector.Join();
        return (right, failed, first);
    }
}
