namespace Involute.Tasks.Components;

/// <summary>The options of a component, which also describe it; see <see cref="ComponentAttribute"/>.</summary>
/// <remarks>Immutable. Concrete records are sealed or final in use, and have a public constructor without
/// parameters.</remarks>
public abstract record ComponentOptions
{
    /// <summary>The component's name, as in the configuration.</summary>
    public string Name => Component.Of(GetType()).Name;

    /// <summary>
    /// Absolute path of the folder that the component comes from: the plugin's, wherever it lies now. Data files that the
    /// plugin brings lie there; <c>PluginFilesAttribute</c> declares them.
    /// </summary>
    protected string OwnFolder => Components.OwnFolder.Of(GetType().Assembly);

    /// <summary>What is wrong with options that are each allowed; nothing by default.</summary>
    public virtual IEnumerable<OptionProblem> Check() => [];

    /// <summary>
    /// Paths of the files whose content decides what the component computes: their hash is part of what a run is
    /// computed by, and a run does not go on with other content. By default those files that its path options name.
    /// </summary>
    /// <remarks>Override it for a component that reads a folder, or files that no option names.</remarks>
    /// <exception cref="IOException">A file is missing.</exception>
    public virtual IEnumerable<string> DataFiles() => Component.Of(GetType()).Options
        .Where(option => option.IsPath)
        .Select(option => option.Get(this))
        .OfType<string>()
        .Where(File.Exists);
}

/// <summary>Options that are each allowed and together wrong, or a text that is wrong in itself.</summary>
/// <param name="Key">Key of the option to blame.</param>
/// <param name="Problem">What is wrong, without the key.</param>
/// <param name="Allowed">What would be right.</param>
public sealed record OptionProblem(string Key, string Problem, string Allowed);
