using System.Runtime.InteropServices;
using Involute.Tasks.Randomness;

namespace Involute.Gpu.Quadratics;

/// <summary>Names a vector of normal numbers that a trajectory has: NormalKey in <c>Kernels/initial.cu</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NormalKey(TrajectoryKey key, RandomStream stream)
{
    private readonly uint _seed0 = (uint)key.Seed, _seed1 = (uint)((ulong)key.Seed >> 32), _trajectory = key.Trajectory,
        _pairAndStream = ((uint)key.Pair << 8) | (byte)stream;
}
