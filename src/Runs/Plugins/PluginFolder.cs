using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Involute.Tasks.Components;
using Involute.Tasks.Plugins;

namespace Involute.Runs.Plugins;

/// <summary>The code in a plugin's folder: its assemblies, read once, and the hash of them.</summary>
/// <remarks>
/// Assemblies are loaded from the bytes that were hashed, so a rebuild while a run trains changes nothing. What else lies
/// in the folder is no code: data counts that the plugin declares (<see cref="PluginFilesAttribute"/>), and symbols,
/// documentation, notes and copies of Involute's own assemblies do not. Nor do copies of TorchSharp and libtorch beside a
/// plugin that was built against Involute.Torch: the host's are shared, <see cref="SharedTorch"/>.
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
    /// SHA-256 over name, length and bytes of every assembly and native library directly in the folder, in ordinal order
    /// of names; lowercase hexadecimal.
    /// </summary>
    public string Sha256 { get; }

    /// <summary>Whether a hash is that of this folder.</summary>
    /// <param name="sha256">As this version computes it, or as versions before 0.3 did: over all files.</param>
    /// <exception cref="PluginException">The folder cannot be read.</exception>
    public bool HasHash(string sha256) => sha256 == Sha256 || sha256 == Guard(
        FullPath, () => HashOf(FullPath, Files(FullPath, recursive: true, file => !IsLeftOut(file)), (_, _) => { }));

    /// <summary>Name and module id of each assembly; of a file that is no assembly of .NET, the hash.</summary>
    public IEnumerable<(string Name, string Id)> Modules() =>
        Assemblies.Select(assembly => (assembly.Key, PluginReferences.ModuleOf(assembly.Value)
            ?? Convert.ToHexStringLower(SHA256.HashData(assembly.Value))));

    /// <summary>The absolute path of a folder, as <see cref="FullPath"/> has it.</summary>
    public static string Normalised(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    /// <summary>Reads a folder.</summary>
    /// <exception cref="PluginException">It cannot be read, or is no plugin's.</exception>
    public static PluginFolder Read(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new PluginException(path, File.Exists(path) ? "is a file, not a folder" : "there is no such folder");
        }

        return Guard(path, () =>
        {
            var full = Normalised(path);
            var assemblies = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
            var code = Files(full, recursive: false, IsCode);
            var shared = code.Any(file => SharedTorch.IsUsedBy(Path.Combine(full, file)));
            var sha256 = HashOf(full, code.Where(file => !shared || !SharedTorch.IsOf(file)), (file, bytes) =>
            {
                if (HasExtension(file, ".dll"))
                {
                    assemblies[Path.GetFileNameWithoutExtension(file)] = bytes;
                }
            });
            return new PluginFolder(full, assemblies, sha256);
        });
    }

    /// <summary>The files that paths in the folder name: files, and all that is in folders, in ordinal order.</summary>
    /// <param name="paths">Relative to the folder.</param>
    /// <exception cref="PluginException">One is not there, or leads out of the folder.</exception>
    public IReadOnlyList<string> Declared(IEnumerable<string> paths) => Guard(FullPath, () => paths.SelectMany(path =>
    {
        var full = Path.GetFullPath(Path.Combine(FullPath, path));
        return !full.StartsWith(FullPath + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                ? throw new PluginException(FullPath, $"it declares the file '{path}', which is not in its folder")
            : File.Exists(full) ? [full]
            : Directory.Exists(full) ? Files(full, recursive: true, _ => true).Select(file => Path.Combine(full, file))
            : throw new PluginException(FullPath, $"it declares the file '{path}', which is missing");
    }).ToList());

    /// <summary>What is wrong with the hash that a configuration has, if anything.</summary>
    public static OptionProblem? CheckHash(string sha256) =>
        sha256.Length == 0 || (sha256.Length == 2 * SHA256.HashSizeInBytes && sha256.All(char.IsAsciiHexDigitLower))
            ? null
            : new OptionProblem(
                "sha256", $"'{sha256}' is not a hash",
                $"\"\", or {2 * SHA256.HashSizeInBytes} lowercase hexadecimal digits");

    private static string HashOf(string folder, IEnumerable<string> files, Action<string, byte[]> see)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = new byte[sizeof(long)];
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(Path.Combine(folder, file));
            BinaryPrimitives.WriteInt64LittleEndian(length, bytes.LongLength);
            hash.AppendData(Encoding.UTF8.GetBytes(file + '\0'));
            hash.AppendData(length);
            hash.AppendData(bytes);
            see(file, bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string[] Files(string folder, bool recursive, Func<string, bool> counts)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = recursive, MaxRecursionDepth = 8 };
        string[] files =
        [
            .. Directory.EnumerateFiles(folder, "*", options)
                .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'))
                .Where(counts)
                .Take(MostFiles + 1)
                .Order(StringComparer.Ordinal),
        ];
        return files.Length <= MostFiles
            ? files
            : throw new PluginException(folder, $"more than {MostFiles} files; a plugin needs a folder of its own");
    }

    private static bool IsCode(string file) =>
        (HasExtension(file, ".dll") || HasExtension(file, ".so") || HasExtension(file, ".dylib")) && !IsLeftOut(file);

    private static bool HasExtension(string file, string extension) =>
        file.EndsWith(extension, StringComparison.OrdinalIgnoreCase);

    private static bool IsLeftOut(string file) =>
        Path.GetExtension(file) is ".pdb" or ".xml"
        || (Path.GetFileName(file).StartsWith("Involute.", StringComparison.Ordinal)
            && (Path.GetExtension(file) == ".dll" || file.EndsWith(".deps.json", StringComparison.Ordinal)));

    private static TResult Guard<TResult>(string path, Func<TResult> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PluginException(path, exception.Message);
        }
    }
}
