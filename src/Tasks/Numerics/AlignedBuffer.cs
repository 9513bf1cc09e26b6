using System.Runtime.InteropServices;

namespace Involute.Tasks.Numerics;

/// <summary>A zeroed native array of floats, aligned to a cache line, that the collector never moves.</summary>
public sealed unsafe class AlignedBuffer : IDisposable
{
    /// <summary>Alignment in bytes: a cache line, and one AVX-512 register.</summary>
    public const int Alignment = 64;

    /// <summary>Floats in one aligned unit; strides are padded to a multiple of it.</summary>
    public const int Unit = Alignment / sizeof(float);

    private float* _pointer;

    /// <summary>Allocates <paramref name="length"/> floats.</summary>
    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = (nuint)Padded(Math.Max(length, 1)) * sizeof(float);
        _pointer = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(_pointer, bytes);
    }

    /// <summary>Frees the memory if the owner did not call <see cref="Dispose"/>.</summary>
    ~AlignedBuffer() => Free();

    /// <summary>Number of floats.</summary>
    public int Length { get; }

    /// <summary>Address of the first float.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was freed.</exception>
    public float* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer is null, this);
            return _pointer;
        }
    }

    /// <summary>The floats.</summary>
    public Span<float> Span => new(Pointer, Length);

    /// <summary>Rounds a length up to a whole number of aligned units.</summary>
    public static int Padded(int length) => checked(length + Unit - 1) / Unit * Unit;

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }
}
