namespace Involute.Host.Exporting;

/// <summary>A format of files that a theta can be exported to.</summary>
/// <param name="Name">Its name, and the extension of its files.</param>
/// <param name="Write">Makes the bytes of a file.</param>
internal sealed record ExportFormat(string Name, Func<ThetaExport, byte[]> Write)
{
    /// <summary>All of them; the first is the default.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } =
    [
        new("safetensors", SafetensorsFile.Write),
        new("npz", NpzFile.Write),
        new("json", JsonFile.Write),
    ];

    /// <summary>Their names, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(format => format.Name));

    /// <summary>The format of that name; null if there is none.</summary>
    public static ExportFormat? Named(string name) => All.FirstOrDefault(format => format.Name == name);

    /// <summary>The format whose extension a file has; null if it has another.</summary>
    public static ExportFormat? OfFile(string path) => Named(Path.GetExtension(path).TrimStart('.'));
}
