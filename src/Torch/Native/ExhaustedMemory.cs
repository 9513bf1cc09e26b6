using System.Runtime.InteropServices;

namespace Involute.Torch.Native;

/// <summary>What libtorch throws where a processor or a card has no memory left.</summary>
internal static class ExhaustedMemory
{
    // c10/cuda/CUDACachingAllocator.cpp; c10/core/impl/alloc_cpu.cpp.
    private static readonly string[] Signs = ["out of memory", "can't allocate memory", "not enough memory"];

    /// <summary>Whether an exception says so.</summary>
    public static bool IsIn(Exception exception) =>
        exception is ExternalException
        && Signs.Any(sign => exception.Message.Contains(sign, StringComparison.OrdinalIgnoreCase));

    /// <summary>The same as .NET says it: other workers then take the pairs, and the process ends with one line.</summary>
    /// <param name="device">As the configuration names it.</param>
    /// <param name="exception">What libtorch threw.</param>
    public static InsufficientMemoryException Of(string device, Exception exception)
    {
        var first = exception.Message.Split('\n')[0].Trim();
        return new InsufficientMemoryException(
            $"involute.torch.device = {device}: {first}; fewer pairs-per-actor, smaller batches or fewer threads need less",
            exception);
    }
}
