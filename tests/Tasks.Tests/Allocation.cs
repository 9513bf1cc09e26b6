namespace Involute.Tasks.Tests;

/// <summary>What a call allocates each time.</summary>
internal static class Allocation
{
    // .NET keeps one table of casts for the whole process and lets the thread whose cast finds no room enlarge it: 6 kB
    // and what is left of the thread's piece of the heap, once, in any thread that casts while other tests run.
    private const int Calls = 5;

    /// <summary>The bytes that a call allocates on this thread: the middle one of several calls, the first not counted.</summary>
    public static long OfEachCall(Action call)
    {
        call();
        var bytes = new long[Calls];
        for (var i = 0; i < Calls; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            call();
            bytes[i] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Array.Sort(bytes);
        return bytes[Calls / 2];
    }
}
