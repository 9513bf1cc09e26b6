using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Involute.Tasks.Components;

namespace Involute.Runs.Plugins;

/// <summary>What a plugin's folder holds: its assemblies, read once, and the hash of everything.</summary>
/// <remarks>
/// Assemblies are loaded from the bytes that were hashed, so a rebuild while a run trains changes nothing. The hash
/// leaves out what is never loaded from there: symbols, documentation, and copies of Involute's own assemblies.
/// </remarks>
internal sealed class PluginFolder
{
    // Far more than any plugin has, and little enough to notice at once that a folder was not meant.
    private const int MostFiles = 1000;

    private PluginFolder(string path, IReadOnlyDictionary<string, byte[]> assemblies, string sha256)
    {
        FullPath = path;
        Assemblies = assemblies;
        Sha256 = sha256;
    }

    /// <summary>Absolute path.</summary>
    public string FullPath { get; }

    /// <summary>The assemblies directly in the folder, by file name without <c>.dll</c>, in ordinal order.</summary>
    public IReadOnlyDictionary<string, byte[]> Assemblies { get; }

    /// <summary>
    /// SHA-256 over path, length and bytes of every file, in ordinal order of paths; lowercase hexadecimal.
    /// </summary>
    public string Sha256 { get; }

    /// <summary>Reads a folder.</summary>
    /// <exception cref="PluginException">It cannot be read, or is no plugin's.</exception>
    public static PluginFolder Read(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new PluginException(path, File.Exists(path) ? "is a file, not a folder" : "there is no such folder");
        }

        try
        {
            var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
            var files = Files(full);
            return files.Length <= MostFiles
                ? Read(full, files)
                : throw new PluginException(path, $"more than {MostFiles} files; a plugin needs a folder of its own");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PluginException(path, exception.Message);
        }
    }

    /// <summary>What is wrong with the hash that a configuration has, if anything.</summary>
    public static OptionProblem? CheckHash(string sha256) =>
        sha256.Length == 0 || (sha256.Length == 2 * SHA256.HashSizeInBytes && sha256.All(char.IsAsciiHexDigitLower))
            ? null
            : new OptionProblem(
                "sha256", $"'{sha256}' is no hash",
                $"\"\", or {2 * SHA256.HashSizeInBytes} lowercase hexadecimal digits");

    private static PluginFolder Read(string full, string[] files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var assemblies = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var length = new byte[sizeof(long)];
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(Path.Combine(full, file));
            BinaryPrimitives.WriteInt64LittleEndian(length, bytes.LongLength);
            hash.AppendData(Encoding.UTF8.GetBytes(file + '\0'));
            hash.AppendData(length);
            hash.AppendData(bytes);
            if (!file.Contains('/', StringComparison.Ordinal)
                && file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            {
                assemblies[Path.GetFileNameWithoutExtension(file)] = bytes;
            }
        }

        return new PluginFolder(full, assemblies, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static string[] Files(string full) =>
    [
        .. Directory.EnumerateFiles(
            full, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 8 })
            .Select(file => Path.GetRelativePath(full, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(file => !IsLeftOut(file))
            .Take(MostFiles + 1)
            .Order(StringComparer.Ordinal),
    ];

    private static bool IsLeftOut(string file) =>
        Path.GetExtension(file) is ".pdb" or ".xml"
        || (Path.GetFileName(file).StartsWith("Involute.", StringComparison.Ordinal)
            && (Path.GetExtension(file) == ".dll" || file.EndsWith(".deps.json", StringComparison.Ordinal)));
}
