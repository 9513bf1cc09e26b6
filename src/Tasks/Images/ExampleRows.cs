using Involute.Tasks.Numerics;

namespace Involute.Tasks.Images;

/// <summary>One layer's values, [example, unit].</summary>
/// <remarks>
/// Behind the units of a row stands a 1, the input of the next layer's biases, until the layer's gradient replaces the
/// row; the next pass forward makes it again. Rows are an odd number of cache lines apart, so that the same unit of many
/// examples does not meet in few sets of the cache.
/// </remarks>
internal sealed unsafe class ExampleRows : IDisposable
{
    private readonly AlignedBuffer _values;
    private readonly int _units;

    /// <summary>Allocates rows.</summary>
    /// <param name="examples">Number of examples; the memory has whole blocks of eight.</param>
    /// <param name="units">Values of an example.</param>
    public ExampleRows(int examples, int units)
    {
        _units = units;
        var lines = AlignedBuffer.Padded(units + 1) / AlignedBuffer.Unit;
        Stride = checked((lines | 1) * AlignedBuffer.Unit);
        _values = new AlignedBuffer(checked((examples + 7) / 8 * 8 * Stride));
        for (var unit = units; unit < _values.Length; unit += Stride)
        {
            _values.Span[unit] = 1;
        }
    }

    /// <summary>Floats from one example to the next.</summary>
    public int Stride { get; }

    /// <summary>The first value.</summary>
    public float* Pointer => _values.Pointer;

    /// <summary>
    /// Biases up to a whole panel of columns, of which the one behind the last makes the 1 behind the units.
    /// </summary>
    /// <param name="biases">As many as there are units.</param>
    /// <param name="padded">Receives them.</param>
    public void PadBiases(float* biases, float* padded)
    {
        var target = new Span<float>(padded, AlignedBuffer.Padded(_units));
        new ReadOnlySpan<float>(biases, _units).CopyTo(target);
        target[_units..].Clear();
        target[_units] = 1;
    }

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();
}
