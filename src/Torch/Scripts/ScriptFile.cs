using Involute.Tasks.Images;
using static TorchSharp.torch;

namespace Involute.Torch.Scripts;

/// <summary>A model that <c>torch.jit.save</c> wrote.</summary>
/// <remarks>It is read once: every module that is made of it has the same content.</remarks>
internal sealed class ScriptFile
{
    private const string Expected = "a TorchScript model, as torch.jit.save writes it";

    // Two modules at a time would register the classes of their code at the same time.
    private static readonly Lock Loading = new();

    private readonly byte[] _bytes;

    private ScriptFile(string path, byte[] bytes)
    {
        Path = path;
        _bytes = bytes;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>
    /// Reads it, and checks that nothing in it is damaged, which libtorch does not, and that libtorch can load it.
    /// </summary>
    /// <exception cref="DataFormatException">It is no such file.</exception>
    public static ScriptFile Read(string path)
    {
        var bytes = ReadFile.Whole(path, Expected);
        var files = WholeZip.Read(path, bytes, Expected);
        var folder = files.Keys.Select(name => name.Split('/')[0] + "/").FirstOrDefault() ?? "";
        var problem = !files.ContainsKey(folder + "data.pkl") ? "a zip archive without data.pkl"
            : !files.ContainsKey(folder + "constants.pkl") || !HasAny(files.Keys, folder + "code/")
                ? "tensors without code (torch.save writes so)"
            : null;
        problem ??= ScriptProbe.ProblemOf(path, bytes);
        return problem is null
            ? new ScriptFile(path, bytes)
            : throw new DataFormatException(path, problem, Expected);
    }

    /// <summary>Reads it without any check.</summary>
    public static ScriptFile Unchecked(string path) => new(path, ReadFile.Whole(path, Expected));

    /// <summary>Makes a module of it. Loads libtorch.</summary>
    /// <exception cref="DataFormatException">libtorch does not accept it; the message has its words.</exception>
    public jit.ScriptModule Load()
    {
        TorchRuntime.Ensure();
        ScriptInterpreter.BePlain();
        lock (Loading)
        {
            try
            {
                return jit.load(_bytes);
            }
            catch (Exception problem) when (ScriptProblem.IsOfLibtorch(problem))
            {
                throw new DataFormatException(Path, ScriptProblem.Of(problem), Expected);
            }
        }
    }

    private static bool HasAny(IEnumerable<string> names, string beginning) =>
        names.Any(name => name.StartsWith(beginning, StringComparison.Ordinal));
}
