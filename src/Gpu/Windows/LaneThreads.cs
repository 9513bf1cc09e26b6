namespace Involute.Gpu.Windows;

/// <summary>Sizes of blocks whose threads run a lane each.</summary>
internal static class LaneThreads
{
    private const int Most = 128, Least = 32;

    /// <summary>Threads of a block: few where large blocks would leave multiprocessors idle.</summary>
    /// <param name="lanes">All that run.</param>
    /// <param name="multiprocessors">Of the device.</param>
    /// <param name="fits">Whether a block of so many threads is small enough.</param>
    public static int Of(long lanes, int multiprocessors, Func<int, bool> fits)
    {
        var threads = Most;
        while (threads > Least && (lanes < 2L * threads * multiprocessors || !fits(threads)))
        {
            threads /= 2;
        }

        return threads;
    }
}
