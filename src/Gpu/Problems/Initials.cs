using Involute.Gpu.Driver;

namespace Involute.Gpu.Problems;

/// <summary>Draws vectors of random numbers on a device, that trajectories begin with: <c>Kernels/initial.cu</c>.</summary>
internal static class Initials
{
    private const int Threads = 128, NumbersPerThread = 2;

    /// <summary>Has vectors drawn before what the stream is asked for next.</summary>
    /// <param name="device">Where.</param>
    /// <param name="stream">Of the window that begins with them.</param>
    /// <param name="kernel">Which distribution.</param>
    /// <param name="vectors">How many; nothing is launched for none.</param>
    /// <param name="length">Numbers of each.</param>
    /// <param name="arguments">Those of the kernel, but for its last one, which is the blocks of each vector.</param>
    public static void Draw(Device device, DeviceStream stream, string kernel, int vectors, long length, ReadOnlySpan<ulong> arguments)
    {
        if (vectors == 0)
        {
            return;
        }

        const int perBlock = NumbersPerThread * Threads;
        var blocks = (length + perBlock - 1) / perBlock;
        stream.Launch(device.Module("initial").Kernel(kernel, 0), checked((int)(vectors * blocks)), Threads, [.. arguments, (ulong)blocks]);
    }
}
