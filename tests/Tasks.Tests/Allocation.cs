namespace Involute.Tasks.Tests;

/// <summary>What a call allocates each time.</summary>
internal static class Allocation
{
    // .NET keeps one table of casts for the whole process and lets the thread whose cast finds no room enlarge it: 6 kB
    // and what is left of the thread's piece of the heap, once, in any thread that casts while other tests run.
    private const int Calls = 5;

    /// <summary>The fewest bytes that one of several calls has allocated on this thread, the first not counted.</summary>
    public static long OfEachCall(Action call)
    {
        call();
        var fewest = long.MaxValue;
        for (var i = 0; i < Calls; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            call();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }
}
