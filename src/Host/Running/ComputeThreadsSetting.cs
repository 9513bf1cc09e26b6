using Involute.Hosting.Configuration;

namespace Involute.Hosting.Running;

/// <summary>What <c>threads = auto</c> means.</summary>
internal static class ComputeThreadsSetting
{
    /// <summary>Compute threads of this process: as configured, or one per core.</summary>
    public static int ComputeThreads(this RunConfiguration configuration) =>
        configuration.Threads ?? Environment.ProcessorCount;
}
