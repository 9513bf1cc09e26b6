
namespace Involute.Runs.Configuration;

/// <summary>What <c>threads = auto</c> means.</summary>
public static class ComputeThreadsSetting
{
    /// <summary>Compute threads of this process: as configured, or one per core.</summary>
    public static int ComputeThreads(this RunConfiguration configuration) =>
        configuration.Threads ?? Environment.ProcessorCount;
}
