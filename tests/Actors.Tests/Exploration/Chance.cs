using Involute.Tasks.Randomness;

namespace Involute.Actors.Tests.Exploration;

/// <summary>All that is random in one simulation: a function of the seed and of how often it was asked.</summary>
internal sealed class Chance(long seed)
{
    private ulong _drawn;

    /// <summary>0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)(((ulong)Word() * (ulong)count) >> 32);

    public bool Permille(int permille) => Below(1000) < permille;

    public T Of<T>(params ReadOnlySpan<T> items) => items[Below(items.Length)];

    private uint Word()
    {
        var index = _drawn++;
        return Philox4x32.Block((uint)index, (uint)(index >> 32), 0, 0, (uint)seed, (uint)(seed >> 32)).W0;
    }
}
