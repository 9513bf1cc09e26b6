using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using Involute.Tasks.Components;
using Involute.Tasks.Plugins;

namespace Involute.Runs.Plugins;

/// <summary>
/// What the assemblies in a plugin's folder bring: components, and problems by <see cref="IProblemPlugin"/>.
/// </summary>
/// <remarks>Where the folder is wrong, the methods throw a <see cref="PluginException"/> of one line.</remarks>
internal sealed partial class PluginAssemblies
{
    // The same content is loaded once: a component's type must be the same whenever a configuration is read.
    private static readonly ConcurrentDictionary<(string Path, string Sha256), PluginAssemblies> Loaded = new();

    private readonly SortedDictionary<string, IProblemPlugin> _problems = new(StringComparer.Ordinal);
    private readonly List<Type> _components = [];
    private readonly List<string> _declared = [];

    private PluginAssemblies(PluginFolder folder)
    {
        Folder = folder;
        var context = new PluginContext(folder);
        foreach (var assembly in Candidates())
        {
            var loaded = Guard($"{assembly}.dll cannot be loaded", () => context.Load(assembly));
            _declared.AddRange(Guard(
                $"{assembly}.dll cannot be loaded",
                () => loaded.GetCustomAttributes<PluginFilesAttribute>().SelectMany(attribute => attribute.Paths)));
            foreach (var type in Guard($"{assembly}.dll cannot be loaded", () => PublicTypes(loaded)))
            {
                if (type.ContainsGenericParameters || type.GetConstructor(Type.EmptyTypes) is null)
                {
                    RequireNoComponent(type);
                }
                else if (typeof(IProblemPlugin).IsAssignableFrom(type))
                {
                    AddProblem(type);
                }
                else if (typeof(ComponentOptions).IsAssignableFrom(type))
                {
                    AddComponent(type);
                }
            }
        }

        if (_problems.Count + _components.Count == 0)
        {
            throw Wrong(
                "no public class with a constructor without parameters is a component ([Component] on a record of "
                    + $"options) or a {nameof(IProblemPlugin)}");
        }
    }

    /// <summary>The folder, as it was when it was read.</summary>
    public PluginFolder Folder { get; }

    /// <summary>The options records of its components, in ordinal order of their names.</summary>
    public IReadOnlyList<Type> Components => _components;

    /// <summary>Reads and loads a folder, as it is now.</summary>
    public static PluginAssemblies Load(string path)
    {
        var folder = PluginFolder.Read(path);
        return Loaded.GetOrAdd((folder.FullPath, folder.Sha256), _ => new PluginAssemblies(folder));
    }

    /// <summary>
    /// The code that a configuration names: as it was loaded when the configuration was read, even if the folder has
    /// changed since; else as it is now.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="sha256">The hash in the configuration; an empty one is any code.</param>
    /// <param name="key">Where it says so.</param>
    /// <exception cref="PluginException">It is not loaded, and the folder has other code.</exception>
    public static PluginAssemblies Of(string path, string sha256, string key)
    {
        if (Loaded.TryGetValue((PluginFolder.Normalised(path), sha256), out var loaded))
        {
            return loaded;
        }

        var plugin = Load(path);
        plugin.Require(sha256, key);
        return plugin;
    }

    /// <summary>The data files beside the assemblies that they declare, in ordinal order; absolute paths.</summary>
    /// <exception cref="PluginException">One is not there.</exception>
    public IReadOnlyList<string> DataFiles() => Folder.Declared(
        _declared.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <summary>Throws if the code is not what a configuration says; an empty hash is any code.</summary>
    /// <param name="sha256">The hash in the configuration.</param>
    /// <param name="key">Where it says so.</param>
    public void Require(string sha256, string key)
    {
        if (sha256.Length > 0 && !Folder.HasHash(sha256))
        {
            throw Wrong(
                $"its code (sha256 {Folder.Sha256[..12]}…) is not what {key} says ({sha256[..12]}…): with another "
                    + "plugin it would be another run");
        }
    }

    /// <summary>The problem of that name; an empty name stands for the only one.</summary>
    public IProblemPlugin Problem(string name)
    {
        if (name.Length == 0 && _problems.Count == 1)
        {
            return _problems.Values.First();
        }

        return _problems.TryGetValue(name, out var problem)
            ? problem
            : throw Wrong(
                (_problems.Count, name) switch
                {
                    (0, _) => $"no public class implements {nameof(IProblemPlugin)}; its components are chosen by "
                        + "name, as in task = NAME",
                    (_, "") => $"several problems, involute.task.problem must choose one; allowed: {Names()}",
                    _ => $"no problem '{name}'; allowed: {Names()}",
                });

        string Names() => string.Join(", ", _problems.Keys);
    }

    /// <summary>Does what a user's code does; what it throws becomes one line: its kind and its message.</summary>
    public TResult Guard<TResult>(string what, Func<TResult> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is not (PluginException or ProblemOptionException))
        {
            throw Wrong(PluginCode.InOneLine(what, exception));
        }
    }

    /// <summary>One line about the folder.</summary>
    public PluginException Wrong(string problem) => new(Folder.FullPath, problem);

    private static Type[] PublicTypes(Assembly assembly) =>
    [
        .. assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract)
            .OrderBy(type => type.FullName, StringComparer.Ordinal),
    ];

    // Only what was built against Involute can hold a component; everything else is loaded when it is needed.
    private List<string> Candidates()
    {
        var found = new List<string>();
        foreach (var (name, bytes) in Folder.Assemblies)
        {
            var references = PluginReferences.Of(bytes) ?? [];
            var other = references.FirstOrDefault(reference => reference.Version != PluginReferences.Expected);
            if (other.Name is not null)
            {
                throw Wrong(
                    $"{name}.dll was built against {other.Name} {other.Version}, this program has "
                        + $"{PluginReferences.Expected}; build it again");
            }

            if (references.Count > 0)
            {
                found.Add(name);
            }
        }

        return found.Count > 0
            ? found
            : throw Wrong(
                Folder.Assemblies.Count == 0
                    ? "no assembly (*.dll) besides Involute.*.dll"
                    : "no assembly that was built against Involute.Tasks");
    }

    private void AddComponent(Type type)
    {
        var component = Guard($"{type.FullName} describes no component", () =>
        {
            var described = Component.Of(type);
            _ = described.Options;
            _ = described.Defaults();
            return described;
        });
        foreach (var name in component.Names)
        {
            RequireName(type, name);
        }

        _components.Add(type);
    }

    // Left out without a word, its name would be unknown wherever it is chosen.
    private void RequireNoComponent(Type type)
    {
        if (typeof(ComponentOptions).IsAssignableFrom(type)
            && type.IsDefined(typeof(ComponentAttribute), inherit: false))
        {
            throw Wrong(type.ContainsGenericParameters
                ? $"{type.FullName} describes no component: it is generic"
                : $"{type.FullName} describes no component: it has no public constructor without parameters");
        }
    }

    private void AddProblem(Type type)
    {
        var problem = Guard($"{type.FullName} cannot be made", () => (IProblemPlugin)Activator.CreateInstance(type)!);
        var name = Guard($"{type.FullName} has no name", () => problem.Name);
        RequireName(type, name);
        if (!_problems.TryAdd(name, problem))
        {
            throw Wrong($"two problems are called '{name}': {_problems[name].GetType().FullName} and {type.FullName}");
        }
    }

    private void RequireName(Type type, string? name)
    {
        if (name is null || !AllowedName().IsMatch(name))
        {
            throw Wrong(
                $"{type.FullName} has the name '{name}'; allowed: 1 to 40 lowercase letters, digits and hyphens");
        }
    }

    [GeneratedRegex("^[a-z0-9-]{1,40}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex AllowedName();
}
