using System.Reflection;
using System.Reflection.Emit;
using Involute.Tasks.Components;
using Involute.Tasks.Plugins;

namespace Involute.Tests.Plugins;

/// <summary>A component to be written into an assembly: a record of options with the options of its base.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Base">A public record of this project with a protected constructor; see
/// <see cref="SlopeOptions"/>.</param>
internal sealed record EmittedComponent(string Name, Type Base)
{
    public string[] Aliases { get; init; } = [];

    public bool HasConstructor { get; init; } = true;

    public bool HasAttribute { get; init; } = true;

    /// <summary>
    /// Writes an assembly with components, the first of them <c>ASSEMBLY.Options0</c>, without a compiler.
    /// </summary>
    public static void Write(string folder, string assembly, params EmittedComponent[] components) =>
        Write(folder, assembly, [], components);

    /// <summary>The same with data files that the assembly declares.</summary>
    public static void Write(string folder, string assembly, string[] dataFiles, params EmittedComponent[] components)
    {
        var builder = new PersistedAssemblyBuilder(new AssemblyName(assembly), typeof(object).Assembly);
        var module = builder.DefineDynamicModule(assembly);
        for (var i = 0; i < components.Length; i++)
        {
            components[i].Define(module, $"{assembly}.Options{i}");
        }

        if (dataFiles.Length > 0)
        {
            builder.SetCustomAttribute(new CustomAttributeBuilder(
                typeof(PluginFilesAttribute).GetConstructors().Single(), [dataFiles]));
        }

        builder.Save(Path.Combine(folder, $"{assembly}.dll"));
    }

    private void Define(ModuleBuilder module, string fullName)
    {
        var type = module.DefineType(fullName, TypeAttributes.Public, Base);
        var constructor = type.DefineConstructor(
            MethodAttributes.Public, CallingConventions.Standard, HasConstructor ? [] : [typeof(int)]);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, Base.GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, Type.EmptyTypes)!);
        il.Emit(OpCodes.Ret);
        if (HasAttribute)
        {
            type.SetCustomAttribute(new CustomAttributeBuilder(
                typeof(ComponentAttribute).GetConstructors().Single(),
                [Name, "for a test"],
                [typeof(ComponentAttribute).GetProperty(nameof(Aliases))!],
                [Aliases]));
        }

        type.CreateType();
    }
}
