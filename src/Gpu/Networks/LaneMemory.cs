using System.Runtime.InteropServices;
using Involute.Gpu.Driver;

namespace Involute.Gpu.Networks;

/// <summary>
/// The lanes of an unroll on its device, [pair, arm, <see cref="Stride"/>] floats: what a saved state holds of a lane, then the
/// flag of one that is frozen by divergence.
/// </summary>
internal sealed class LaneMemory : IDisposable
{
    // Behind the lane; as many floats as keep the next lane aligned.
    private const int FlagUnit = 16;

    private readonly DeviceStream _stream;
    private readonly int _arms;
    private readonly int _length;
    private readonly float[] _pair;

    /// <summary>Lanes of zeros, none frozen.</summary>
    /// <param name="device">Where.</param>
    /// <param name="stream">What is copied goes through it.</param>
    /// <param name="pairs">Number of pairs.</param>
    /// <param name="arms">Lanes of a pair.</param>
    /// <param name="length">Floats of a lane's saved state.</param>
    public LaneMemory(Device device, DeviceStream stream, int pairs, int arms, int length)
    {
        (_stream, _arms, _length) = (stream, arms, length);
        Stride = length + FlagUnit;
        _pair = new float[arms * Stride];
        Buffer = device.Allocate((long)pairs * PairBytes);
    }

    /// <summary>All lanes.</summary>
    public DeviceBuffer Buffer { get; }

    /// <summary>Floats from one lane to the next.</summary>
    public int Stride { get; }

    private long PairBytes => (long)_arms * Stride * sizeof(float);

    /// <summary>Brings a pair to the host.</summary>
    /// <returns>Its lanes, valid until the next call.</returns>
    public Span<float> Read(int pair)
    {
        _stream.Download<float>(Buffer, pair * PairBytes, _pair);
        return _pair;
    }

    /// <summary>A pair's place on the host, whose lanes <see cref="Write"/> brings to the device.</summary>
    public Span<float> Blank()
    {
        Array.Clear(_pair);
        return _pair;
    }

    /// <summary>Brings the pair that stands on the host to the device.</summary>
    public void Write(int pair) => _stream.Upload<float>(_pair, Buffer, pair * PairBytes);

    /// <summary>One lane of a pair that stands on the host, without its flag.</summary>
    public Span<float> Lane(int arm) => _pair.AsSpan(arm * Stride, _length);

    /// <summary>The flag of a lane that stands on the host: 1 if it is frozen.</summary>
    public ref int Frozen(int arm) => ref MemoryMarshal.Cast<float, int>(_pair.AsSpan((arm * Stride) + _length, 1))[0];

    /// <summary>Copies a lane of a pair to another one.</summary>
    public void Copy(int pair, int from, int to)
    {
        var lane = (long)Stride * sizeof(float);
        _stream.Copy(Buffer, (pair * PairBytes) + (from * lane), Buffer, (pair * PairBytes) + (to * lane), lane);
    }

    /// <inheritdoc/>
    public void Dispose() => Buffer.Dispose();
}
