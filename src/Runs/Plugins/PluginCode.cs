using System.Runtime.Loader;
using Involute.Tasks.Components;
using Involute.Tasks.Images;

namespace Involute.Runs.Plugins;

/// <summary>Does what the code of a component does, which may be a user's.</summary>
/// <remarks>
/// What the code of a plugin throws becomes a <see cref="PluginException"/> of one line, except for data and files that
/// cannot be read, which have their own exit codes. Exceptions of built-in components, and of an embedding program's
/// components, pass as they are.
/// </remarks>
internal static class PluginCode
{
    /// <summary>Does something with a component.</summary>
    /// <typeparam name="TResult">What comes of it.</typeparam>
    /// <param name="component">The component.</param>
    /// <param name="fails">What to say if it fails, as in <c>cannot be made</c>.</param>
    /// <param name="action">What to do.</param>
    /// <exception cref="PluginException">The component is a plugin's, and its code threw.</exception>
    public static TResult Guard<TResult>(Component component, string fails, Func<TResult> action)
    {
        var context = AssemblyLoadContext.GetLoadContext(component.OptionsType.Assembly) as PluginContext;
        return Guard(context?.Name, $"{component} {fails}", action);
    }

    /// <summary>Does something that a plugin's code may have a part in.</summary>
    /// <typeparam name="TResult">What comes of it.</typeparam>
    /// <param name="folder">The plugin's folder; null if there is no plugin.</param>
    /// <param name="fails">What to say if it fails.</param>
    /// <param name="action">What to do.</param>
    /// <exception cref="PluginException">There is a plugin, and the code threw.</exception>
    public static TResult Guard<TResult>(string? folder, string fails, Func<TResult> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (folder is not null && !HasItsOwnCode(exception))
        {
            throw new PluginException(folder, InOneLine(fails, exception));
        }
    }

    /// <summary>The same for what has no result.</summary>
    public static void Guard(string? folder, string fails, Action action) => Guard(
        folder,
        fails,
        () =>
        {
            action();
            return true;
        });

    /// <summary>What a user's code threw: what failed, the exception's kind, its message and its place.</summary>
    public static string InOneLine(string what, Exception exception) => $"{what}: {Fault.InOneLine(exception)}";

    /// <summary>Makes what a component describes; never null.</summary>
    /// <typeparam name="TOptions">Its options.</typeparam>
    /// <typeparam name="TResult">What is made.</typeparam>
    /// <param name="options">The options.</param>
    /// <param name="create">Their method that makes it.</param>
    /// <exception cref="PluginException">The component is a plugin's, and its code threw or returned null.</exception>
    public static TResult Made<TOptions, TResult>(this TOptions options, Func<TOptions, TResult> create)
        where TOptions : ComponentOptions
        where TResult : class => Guard(
            Component.Of(options.GetType()),
            "cannot be made",
            () => create(options) ?? throw new InvalidOperationException("its method returns null"));

    private static bool HasItsOwnCode(Exception exception) => exception
        is PluginException or OutOfMemoryException
        or DataFormatException or InvalidDataException or IOException or UnauthorizedAccessException;
}
