using Involute.Processes.Children;
using Involute.Tasks.Components;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Unrolls;

namespace Involute.Processes.Problems;

/// <summary>Options of a problem that another program computes.</summary>
[Component("process", "a problem of your own in any language: another program, which the problem protocol asks")]
public sealed record ProcessOptions : InnerProblemOptions
{
    /// <summary>The program and its arguments; required.</summary>
    [Option(
        "The program and its arguments, as [\"python3\", \"pendulum.py\"]. It must be set. It is started without a shell, and found in "
        + "PATH or, with a slash in it, from the folder. An argument that names a file below the folder, as it is or from the folder, "
        + "is one of the files too.",
        MostItems = 1000)]
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The folder in which it runs.</summary>
    [Option(
        "The folder in which the program runs. A relative path starts at the current folder. It may change on resume, and be "
        + "another one on each machine: what the files hold counts, not where they lie.",
        IsPath = true, MayChange = true)]
    public string Folder { get; init; } = ".";

    /// <summary>How many run at a time.</summary>
    [Option(
        "How many of the program run at a time in one process. threads: one for each thread that computes. Less where each takes much "
        + "memory, or has threads of its own: then calls wait for one another.",
        Least = 1, Most = 1024, Word = "threads", WordValue = 0, MayChange = true)]
    public int Processes { get; init; }

    /// <summary>How long an answer may take, in seconds.</summary>
    [Option(
        "How long the program may take to start, and for each answer. Then it is killed, and its pairs compute their windows since the last checkpoint again.",
        Unit = "s", Least = 0, AboveLeast = true, Most = 86_400, MayChange = true)]
    public double Timeout { get; init; } = 60;

    /// <summary>Files whose content decides what it computes.</summary>
    [Option(
        "Files whose content decides what is computed, from the folder: modules that the program imports, data that it reads. A run "
        + "does not go on where they hold something else.",
        MostItems = 1000)]
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <inheritdoc/>
    public override string Title =>
        Command.Skip(1).FirstOrDefault(word => !word.StartsWith('-') && Path.HasExtension(word)) is { } script
            ? Path.GetFileNameWithoutExtension(script)
            : Command is [var program, ..] && Path.GetFileNameWithoutExtension(program) is { Length: > 0 } name ? name
            : Name;

    private string Place => Path.GetFullPath(Folder.Length == 0 ? "." : Folder);

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        if (Command.Count == 0)
        {
            yield return new OptionProblem("command", "no program is set", "a program and its arguments, as [\"python3\", \"pendulum.py\"]");
        }
        else if (string.IsNullOrWhiteSpace(Command[0]))
        {
            yield return new OptionProblem("command", "the program is an empty text", "a name in PATH, or a path");
        }

        if (Files.Any(string.IsNullOrWhiteSpace))
        {
            yield return new OptionProblem("files", "one of them is an empty text", "paths of files");
        }
    }

    /// <inheritdoc/>
    /// <exception cref="DataFormatException">A file that is declared is missing.</exception>
    public override IEnumerable<string> DataFiles()
    {
        string[] declared = [.. Files.Select(file => Path.GetFullPath(file, Place)).Distinct()];
        foreach (var file in declared)
        {
            yield return File.Exists(file) ? file : throw new DataFormatException(
                file, Directory.Exists(file) ? "is a folder" : "there is no such file", "a file, as involute.task.files names it");
        }

        foreach (var file in NamedFiles().Except(declared))
        {
            yield return file;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="DataFormatException">A declared file, the folder or the program is not there.</exception>
    /// <exception cref="ProcessException">The program cannot be started, or does not greet as the protocol wants it.</exception>
    public override IInnerProblem<float> Create()
    {
        // A file that is missing is told before the program fails for want of it.
        string[] files = [.. DataFiles()];
        var command = new ChildCommand(Command, Place);
        return command.Problem is { } problem
            ? throw new DataFormatException(command.ToString(), problem, "a program in PATH, or the path of one from involute.task.folder")
            : new ProcessProblem(new ChildSettings(command, TimeSpan.FromSeconds(Timeout), Processes) { Files = files });
    }

    // A program's name without a slash is one in PATH, and no file here.
    private IEnumerable<string> NamedFiles() => Command
        .Where((word, i) => word.Length > 0 && (i > 0 || Path.GetFileName(word) != word))
        .Select(word => Path.GetFullPath(word, Place))
        .Where(file => file.StartsWith(Place.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            && File.Exists(file))
        .Distinct();
}
