using Involute.Tasks.Randomness;

namespace Involute.Tasks.Tests.Numerics;

/// <summary>Random numbers one after the other, the same in every process.</summary>
internal sealed class DrawnFloats(long seed)
{
    private readonly CounterStream _stream = new(seed, 0, 0, 0, RandomStream.InnerNoise);
    private uint _next;

    /// <summary>True once in so many times.</summary>
    public bool Once(int times) => _stream.Block(_next++).W0 % (uint)times == 0;

    /// <summary>Evenly from 0 to 1.</summary>
    public float Uniform() => (float)_stream.Uniform(_next++);

    /// <summary>Of either sign and any magnitude below 2, half of them subnormal.</summary>
    public float OfAnyMagnitude()
    {
        var (digits, shift, sign, _) = _stream.Block(_next++);
        return BitConverter.UInt32BitsToSingle(((digits & 0x3FFF_FFFF) >> (int)(shift % 16)) | (sign & 0x8000_0000));
    }
}
