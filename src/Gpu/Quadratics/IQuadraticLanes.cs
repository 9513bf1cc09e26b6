using Involute.Gpu.Driver;

namespace Involute.Gpu.Quadratics;

/// <summary>How the lanes of an unroll stand on a device, and the kernel that steps them.</summary>
internal interface IQuadraticLanes : IDisposable
{
    /// <summary>Floats of a lane that a saved state has too, as the kernel takes them.</summary>
    int Numbers { get; }

    /// <summary>Floats of a lane with its centre.</summary>
    int Stride { get; }

    /// <summary>Fills what the kernel takes instead of theta, as many numbers.</summary>
    void Prepare(ReadOnlySpan<float> theta, Span<float> constants);

    /// <summary>A saved lane (padded parameters, padded state) as the kernel takes it.</summary>
    void Pack(ReadOnlySpan<float> saved, Span<float> numbers);

    /// <summary>A lane as it is saved.</summary>
    /// <param name="all">The states of all lanes as the device has them.</param>
    /// <param name="lane">Which lane.</param>
    /// <param name="saved">Receives it.</param>
    void Unpack(ReadOnlySpan<float> all, int lane, Span<float> saved);

    /// <summary>Runs a window.</summary>
    /// <param name="stream">Where.</param>
    /// <param name="running">Lanes that have segments.</param>
    /// <param name="arguments">The kernel's, without those that only these lanes have.</param>
    void Launch(DeviceStream stream, int running, ulong[] arguments);
}
