using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Involute.Tasks.Plugins;

namespace Involute.Runs.Plugins;

/// <summary>
/// Which of Involute's assemblies an assembly was built against; read from its bytes, without loading it.
/// </summary>
internal static class PluginReferences
{
    /// <summary>The version that a plugin must have been built against: that of this program.</summary>
    public static Version Expected { get; } = typeof(IProblemPlugin).Assembly.GetName().Version!;

    /// <summary>The id of an assembly's module; null where the bytes are no assembly at all.</summary>
    public static string? ModuleOf(byte[] assembly) => Read(
        assembly, metadata => metadata.GetGuid(metadata.GetModuleDefinition().Mvid).ToString("N"));

    /// <summary>References to Involute's assemblies; null where the bytes are no assembly at all.</summary>
    public static IReadOnlyList<(string Name, Version Version)>? Of(byte[] assembly) => Read(
        assembly,
        metadata => metadata.AssemblyReferences.Select(handle => metadata.GetAssemblyReference(handle))
            .Select(reference => (Name: metadata.GetString(reference.Name), reference.Version))
            .Where(reference => reference.Name.StartsWith("Involute.", StringComparison.Ordinal))
            .ToList());

    private static TResult? Read<TResult>(byte[] assembly, Func<MetadataReader, TResult> read)
        where TResult : class
    {
        try
        {
            using var portable = new PEReader(new MemoryStream(assembly, writable: false));
            return portable.HasMetadata ? read(portable.GetMetadataReader()) : null;
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }
}
