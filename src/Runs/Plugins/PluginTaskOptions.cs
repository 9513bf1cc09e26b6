using Involute.Tasks.Components;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Plugins;
using Involute.Tasks.Unrolls;

namespace Involute.Runs.Plugins;

/// <summary>A problem out of a plugin's folder by <see cref="IProblemPlugin"/>, the way before components.</summary>
/// <remarks>Runs that began with it go on; a component's own record of options is the way for new problems.</remarks>
[Component("plugin", "a problem of your own by IProblemPlugin; a component of your own is chosen by its name instead")]
public sealed record PluginTaskOptions : InnerProblemOptions
{
    internal const string HashKey = "involute.task.sha256";

    /// <summary>The folder; not part of a run's identity, its content is.</summary>
    [Option(
        "Folder of the plugin's assemblies. A relative path starts at the current folder. It may change on resume, "
        + "where --plugin DIR does it too: the code counts, not the place.",
        IsPath = true, MayChange = true)]
    public string Folder { get; init; } = "";

    /// <summary>Name of the problem; empty for the only one.</summary>
    [Option("Name of the problem. Empty: the only one that the folder has.")]
    public string Problem { get; init; } = "";

    /// <summary>Hash of the folder's code; empty until the run begins.</summary>
    [Option(
        "SHA-256 of the code in the folder. Empty: what it holds when the run begins, which is then written here; from "
        + "then on, and if it is not empty, other code is an error.")]
    public string Sha256 { get; init; } = "";

    /// <summary>The problem's own options, as text.</summary>
    [Option(
        "The problem's own options, for instance { noise = 0.1 }; the problem says what they mean and what is allowed.")]
    public TextOptions Options { get; init; } = TextOptions.None;

    /// <inheritdoc/>
    public override string Title => Problem.Length > 0 ? Problem : Name;

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        if (Folder.Length == 0)
        {
            yield return new OptionProblem("folder", "a plugin needs a folder", "--plugin DIR, or a path");
        }

        if (PluginFolder.CheckHash(Sha256) is { } problem)
        {
            yield return problem;
        }
    }

    /// <summary>The same with absolute folder, name of the problem and content hash filled in.</summary>
    /// <exception cref="PluginException">There is no such plugin, or its content is not the expected one.</exception>
    public PluginTaskOptions Located()
    {
        var plugin = Load();
        return this with
        {
            Folder = plugin.Folder.FullPath,
            Problem = plugin.Problem(Problem).Name,
            Sha256 = Sha256.Length > 0 ? Sha256 : plugin.Folder.Sha256,
        };
    }

    /// <inheritdoc/>
    /// <exception cref="PluginException">There is no such plugin, or its content is not the expected one.</exception>
    public override IInnerProblem<float> Create()
    {
        var plugin = Load();
        var entry = plugin.Problem(Problem);
        try
        {
            var values = new ProblemOptions(Options.Entries.ToDictionary()) { OwnFolder = plugin.Folder.FullPath };
            var problem = plugin.Guard($"problem '{entry.Name}' cannot be made", () => entry.Create(values));
            values.Finish();
            return problem ?? throw plugin.Wrong($"problem '{entry.Name}' is null");
        }
        catch (ProblemOptionException exception)
        {
            throw new PluginException($"involute.task.options.{exception.Option}: {exception.Message}");
        }
    }

    // The folder as it is now: a run does not go on with code that only this process still has.
    private PluginAssemblies Load()
    {
        var plugin = PluginAssemblies.Load(Folder);
        plugin.Require(Sha256, HashKey);
        return plugin;
    }
}
