namespace Involute.Gpu.Networks;

/// <summary>Which of the kernels of <c>Kernels/network.h</c> a network takes.</summary>
/// <param name="Module">Its module.</param>
/// <param name="Entry">Its name.</param>
/// <param name="Tile">Elements of a product in a thread, by side.</param>
/// <param name="IsShared">Whether a batch's activations are in shared memory; else in the scratch.</param>
internal sealed record NetworkKernel(string Module, string Entry, int Tile, bool IsShared)
{
    // From this width of the narrowest hidden layer on, a thread has 8 × 8 elements of a product.
    private const int WideLayer = 128, WideTile = 8, UsualTile = 4;

    // What a block of a large card may have: the kernels of common shapes keep activations in shared memory if they fit there.
    private const int LargeCardBytes = 227 * 1024;

    /// <summary>
    /// The shapes that have a kernel of their own, whose sizes the compiler knew: units of each layer, examples of a batch. Their
    /// sources are named like their modules.
    /// </summary>
    public static IReadOnlyList<(int[] Widths, int Batch)> CommonShapes { get; } =
    [
        ([64, 128, 128, 10], 128),
        ([784, 128, 128, 10], 128),
    ];

    /// <summary>The kernel, and the module, of a common shape.</summary>
    public static string NameOf(int[] widths, int batch) => $"network_{string.Join('_', widths)}_{batch}";

    /// <summary>Chooses a kernel.</summary>
    /// <param name="shape">The network and its optimizer.</param>
    /// <param name="sharedBytes">Shared memory that a block of the device may have.</param>
    public static NetworkKernel Of(NetworkShape shape, int sharedBytes)
    {
        // Networks of a learned optimizer's usual sizes only are in the kernels of common shapes.
        if (shape.Learned is null or { HasUsualSizes: true })
        {
            var inShared = shape.SharedBytes(WideTile, activations: true) <= LargeCardBytes;
            foreach (var (widths, batch) in CommonShapes)
            {
                if (batch == shape.Task.BatchSize && shape.Widths.SequenceEqual(widths) && shape.SharedBytes(WideTile, inShared) <= sharedBytes)
                {
                    return new NetworkKernel(NameOf(widths, batch), NameOf(widths, batch), WideTile, inShared);
                }
            }
        }

        var hidden = shape.Widths.Skip(1).SkipLast(1);
        var isWide = hidden.Any() && hidden.Min() >= WideLayer;
        var tile = isWide ? WideTile : UsualTile;
        var isShared = shape.SharedBytes(tile, activations: true) <= sharedBytes;
        var module = isWide ? "network_wide" : "network";
        return new NetworkKernel(module, module + (isShared ? "_shared" : "_global"), tile, isShared);
    }
}
