using System.Reflection;
using System.Text.RegularExpressions;
using Involute.Hosting.Commands;
using Involute.Hosting.Configuration;
using Involute.Tasks.Plugins;
using Involute.Tasks.Unrolls;

namespace Involute.Hosting.Plugins;

/// <summary>The problems that a plugin's folder offers.</summary>
/// <remarks>Whatever is wrong with the folder, the methods throw a <see cref="CommandException"/> of one line.</remarks>
internal sealed partial class ProblemPlugins
{
    private readonly PluginFolder _folder;
    private readonly SortedDictionary<string, IProblemPlugin> _plugins = new(StringComparer.Ordinal);

    private ProblemPlugins(PluginFolder folder) => _folder = folder;

    /// <summary>Loads a folder and finds its problems.</summary>
    public static ProblemPlugins Load(PluginFolder folder)
    {
        var plugins = new ProblemPlugins(folder);
        var context = new PluginContext(folder);
        foreach (var assembly in plugins.Candidates())
        {
            foreach (var type in plugins.Guard($"{assembly}.dll cannot be loaded", () => PluginTypes(context.Load(assembly))))
            {
                plugins.Add(type);
            }
        }

        return plugins._plugins.Count > 0
            ? plugins
            : throw PluginFolder.Wrong(
                folder.FullPath, $"no public class implements {nameof(IProblemPlugin)} and has a public constructor without parameters");
    }

    /// <summary>The problem of that name; an empty name stands for the only one.</summary>
    public IProblemPlugin Find(string name)
    {
        if (name.Length == 0 && _plugins.Count == 1)
        {
            return _plugins.Values.First();
        }

        return _plugins.TryGetValue(name, out var plugin)
            ? plugin
            : throw PluginFolder.Wrong(
                _folder.FullPath,
                $"{(name.Length == 0 ? "several problems, involute.task.problem must choose one" : $"no problem '{name}'")}; allowed: {string.Join(", ", _plugins.Keys)}");
    }

    /// <summary>Makes a problem from the options of the configuration.</summary>
    public IInnerProblem<float> Create(IProblemPlugin plugin, IReadOnlyList<Setting> options)
    {
        try
        {
            var values = new ProblemOptions(options.ToDictionary(option => option.Key, option => option.Value));
            var problem = Guard($"problem '{plugin.Name}' cannot be made", () => plugin.Create(values));
            values.Finish();
            return problem ?? throw PluginFolder.Wrong(_folder.FullPath, $"problem '{plugin.Name}' is null");
        }
        catch (ProblemOptionException exception)
        {
            throw new CommandException(
                ExitCode.Configuration, $"involute.task.options.{exception.Option}: {exception.Message}");
        }
    }

    private static Type[] PluginTypes(Assembly assembly) =>
    [
        .. assembly.GetExportedTypes().Where(type =>
            typeof(IProblemPlugin).IsAssignableFrom(type)
            && type is { IsAbstract: false, ContainsGenericParameters: false }
            && type.GetConstructor(Type.EmptyTypes) is not null),
    ];

    // Only what was built against Involute can hold a problem; everything else is loaded when it is needed.
    private List<string> Candidates()
    {
        var found = new List<string>();
        foreach (var (name, bytes) in _folder.Assemblies)
        {
            var references = PluginReferences.Of(bytes) ?? [];
            var other = references.FirstOrDefault(reference => reference.Version != PluginReferences.Expected);
            if (other.Name is not null)
            {
                throw PluginFolder.Wrong(
                    _folder.FullPath,
                    $"{name}.dll was built against {other.Name} {other.Version}, this program has {PluginReferences.Expected}; build it again");
            }

            if (references.Count > 0)
            {
                found.Add(name);
            }
        }

        return found.Count > 0
            ? found
            : throw PluginFolder.Wrong(
                _folder.FullPath,
                _folder.Assemblies.Count == 0 ? "no assembly (*.dll) besides Involute.*.dll" : "no assembly that was built against Involute.Tasks");
    }

    private void Add(Type type)
    {
        var plugin = Guard($"{type.FullName} cannot be made", () => (IProblemPlugin)Activator.CreateInstance(type)!);
        var name = Guard($"{type.FullName} has no name", () => plugin.Name);
        if (name is null || !AllowedName().IsMatch(name))
        {
            throw PluginFolder.Wrong(
                _folder.FullPath, $"{type.FullName} has the name '{name}'; allowed: 1 to 40 lowercase letters, digits and hyphens");
        }

        if (!_plugins.TryAdd(name, plugin))
        {
            throw PluginFolder.Wrong(
                _folder.FullPath, $"two problems are called '{name}': {_plugins[name].GetType().FullName} and {type.FullName}");
        }
    }

    // Whatever a user's code throws is the user's to know: its kind and its message, on one line.
    private TResult Guard<TResult>(string what, Func<TResult> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is not (CommandException or ProblemOptionException))
        {
            var cause = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
            throw PluginFolder.Wrong(_folder.FullPath, $"{what}: {cause.GetType().Name}: {cause.Message.ReplaceLineEndings(" ")}");
        }
    }

    [GeneratedRegex("^[a-z0-9-]{1,40}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex AllowedName();
}
