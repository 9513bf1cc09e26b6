namespace Involute.Torch.Native;

/// <summary>Keeps large blocks of memory in the process when libtorch frees them.</summary>
/// <remarks>
/// glibc gives a freed block of 128 KiB or more back to the system, and the next tensor of that size pays for new
/// pages: a convolution spends most of its time there.
/// </remarks>
internal static class LargeBlocks
{
    private const int TrimThreshold = -1; // M_TRIM_THRESHOLD
    private const int MapThreshold = -3; // M_MMAP_THRESHOLD
    private const int Always = 1 << 30;
    private const int AlwaysOfOld = 32 << 20; // the most that some versions of glibc take

    /// <summary>Sets the two limits of the allocator.</summary>
    /// <returns>Whether they hold; false where the C library has no such limits.</returns>
    public static bool Keep()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            return (Libc.SetAllocator(MapThreshold, Always) != 0 || Libc.SetAllocator(MapThreshold, AlwaysOfOld) != 0)
                && Libc.SetAllocator(TrimThreshold, int.MaxValue) != 0;
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc.
            return false;
        }
    }
}
