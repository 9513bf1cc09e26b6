using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// Temporaries of one thread for one update; kept between updates, so that an update allocates nothing.
/// </summary>
/// <remarks>Pinned arrays and not native memory: a thread ends without telling anybody.</remarks>
internal sealed unsafe class RuleScratch
{
    [ThreadStatic]
    private static RuleScratch? _ofThread;

    private float[] _features = [];
    private float[] _squares = [];
    private float[] _outputs = [];
    private float[] _lineSquares = [];
    private float[] _activations = [];
    private float[] _biases = [];
    private float[] _firstWeights = [];
    private float[] _means = [];
    private float[] _tables = [];
    private float[] _roots = [];
    private float[] _room = [];
    private float[] _momenta = [];
    private float[] _written = [];

    /// <summary>This thread's scratch. A thread runs one update at a time.</summary>
    public static RuleScratch OfThread => _ofThread ??= new RuleScratch();

    /// <summary>The features of the elements that wait for the network.</summary>
    public float* Features(int length) => AtLeast(ref _features, length);

    /// <summary>Features of which squares are summed.</summary>
    public float* Squares(int length) => AtLeast(ref _squares, length);

    /// <summary>Squares of what a matrix's lines have, as doubles.</summary>
    public double* LineSquares(int length) => (double*)AtLeast(ref _lineSquares, 2 * length);

    /// <summary>A network's outputs, where its layers were in registers only.</summary>
    public float* Outputs(int length) => AtLeast(ref _outputs, length);

    /// <summary>The activations of two layers.</summary>
    public float* Activations(int length) => AtLeast(ref _activations, length);

    /// <summary>Biases of the first layer.</summary>
    public float* Biases(int length) => AtLeast(ref _biases, length);

    /// <summary>Weights of the first layer.</summary>
    public float* FirstWeights(int length) => AtLeast(ref _firstWeights, length);

    /// <summary>Mean squares of a tensor's rows and columns.</summary>
    public float* Means(int length) => AtLeast(ref _means, length);

    /// <summary>What a tensor's rows and columns are looked up in.</summary>
    public float* Tables(int length) => AtLeast(ref _tables, length);

    /// <summary>What rows and columns give, element by element.</summary>
    public float* Written(int length) => AtLeast(ref _written, length);

    /// <summary>Inverse roots of mean squares.</summary>
    public float* Roots(int length) => AtLeast(ref _roots, length);

    /// <summary>A block's part of a gradient.</summary>
    public float* Room(int length) => AtLeast(ref _room, length);

    /// <summary>Averages without tiny numbers.</summary>
    public float* Momenta(int length) => AtLeast(ref _momenta, length);

    private static float* AtLeast(ref float[] array, int length)
    {
        if (array.Length < length + AlignedBuffer.Unit)
        {
            array = Allocated(length + AlignedBuffer.Unit);
        }

        // The thread keeps the array, and the array its place.
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        return (float*)((address + AlignedBuffer.Alignment - 1) & ~(nuint)(AlignedBuffer.Alignment - 1));
    }

    // Not inlined: a method that calls into the runtime prepares for it whenever it is entered, 120 ns each time.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float[] Allocated(int length) => GC.AllocateArray<float>(length, pinned: true);
}
