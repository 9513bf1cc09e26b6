using System.Reflection;
using System.Reflection.Emit;

namespace Involute.Tests.Plugins;

/// <summary>Writes assemblies with plugins in them, without a compiler.</summary>
internal static class EmittedPlugin
{
    /// <summary>An assembly with one <see cref="SlopePlugin"/> per name.</summary>
    public static void Write(string folder, string assembly, params string[] names)
    {
        var builder = new PersistedAssemblyBuilder(new AssemblyName(assembly), typeof(object).Assembly);
        var module = builder.DefineDynamicModule(assembly);
        for (var i = 0; i < names.Length; i++)
        {
            var type = module.DefineType(
                $"{assembly}.Plugin{i}", TypeAttributes.Public | TypeAttributes.Sealed, typeof(SlopePlugin));
            var il = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, []).GetILGenerator();
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldstr, names[i]);
            il.Emit(OpCodes.Call, typeof(SlopePlugin).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Single());
            il.Emit(OpCodes.Ret);
            type.CreateType();
        }

        builder.Save(Path.Combine(folder, $"{assembly}.dll"));
    }

    /// <summary>An assembly that was built against another version of Involute.Tasks.</summary>
    public static void WriteOfAnotherVersion(string folder, string assembly)
    {
        var tasks = new PersistedAssemblyBuilder(
            new AssemblyName("Involute.Tasks") { Version = new Version(9, 8, 7, 6) }, typeof(object).Assembly);
        var parent = tasks.DefineDynamicModule("Involute.Tasks").DefineType("Base", TypeAttributes.Public);
        parent.CreateType();
        var builder = new PersistedAssemblyBuilder(new AssemblyName(assembly), typeof(object).Assembly);
        builder.DefineDynamicModule(assembly).DefineType("Derived", TypeAttributes.Public, parent).CreateType();
        builder.Save(Path.Combine(folder, $"{assembly}.dll"));
    }
}
