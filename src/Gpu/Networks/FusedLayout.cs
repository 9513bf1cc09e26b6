using Involute.Gpu.Driver;

namespace Involute.Gpu.Networks;

/// <summary>How the lanes of a window are spread over the blocks of the fused kernel.</summary>
internal enum LanePlacement
{
    /// <summary>By the number of lanes and the device.</summary>
    ByLanes,

    /// <summary>The two arms of a pair in one block: for many lanes.</summary>
    PairPerBlock,

    /// <summary>One lane in a block.</summary>
    LanePerBlock,

    /// <summary>The kernel of networks of any sizes.</summary>
    General,
}

/// <summary>Sizes of the fused window (Kernels/window.h, places.h), and which form of it a window takes.</summary>
internal static class FusedLayout
{
    /// <summary>Examples of a batch.</summary>
    public const int Batch = 128;

    /// <summary>Threads of a block.</summary>
    public const int Threads = 128;

    /// <summary>Shared bytes of a block with two lanes, and with one.</summary>
    public const int PairBytes = SharedBase + (2 * LaneBytes), LaneBlockBytes = SharedBase + LaneBytes;

    /// <summary>
    /// Up to so many lanes for each multiprocessor, a lane per block: a step of a lane alone takes less time than that of a pair,
    /// as long as no block waits for a place. Measured on an H200: 2.78 and 2.15 million lane-steps a second of 32 lanes, 16.9 and
    /// 23.0 of 1,024.
    /// </summary>
    private const int LanesPerMultiprocessor = 2;

    // Batch [64][132], labels, keys and flags; parameters, hidden layer [32][132], logits [10][132], losses and sums.
    private const int SharedBase = 4 * ((64 * Row) + Batch + 16), LaneBytes = 4 * (2988 + (32 * Row) + (10 * Row) + Batch + 16), Row = 132;

    /// <summary>The network.</summary>
    public static IReadOnlyList<int> Widths => [64, 32, 10];

    /// <summary>
    /// Floats of scratch of one lane for one slot of the optimizer: those of a lane alone, six quads of each thread; in a pair ten
    /// of half as many threads.
    /// </summary>
    public const int ScratchFloats = 4 * 6 * Threads;

    /// <summary>Chooses the form for a number of lanes.</summary>
    public static LanePlacement Choose(Device device, int lanes, int arms) =>
        device.SharedBytesPerBlock < LaneBlockBytes ? LanePlacement.General
        : arms > 1 && device.SharedBytesPerBlock >= PairBytes && lanes > LanesPerMultiprocessor * device.Multiprocessors ? LanePlacement.PairPerBlock
        : LanePlacement.LanePerBlock;
}
