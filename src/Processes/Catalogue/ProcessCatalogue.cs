using Involute.Processes.Problems;

namespace Involute.Processes.Catalogue;

/// <summary>The components of this assembly. To list them starts no program.</summary>
public static class ProcessCatalogue
{
    /// <summary>Their options records.</summary>
    public static IReadOnlyList<Type> Components { get; } = [typeof(ProcessOptions)];
}
