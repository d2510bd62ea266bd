using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;
using YamlDotNet.Serialization.TypeInspectors;

namespace TimeSformer.Training;

/// <summary>Reads and writes recipes as YAML. Only plain values are built; tags and types in the file are refused.</summary>
public static class RecipeFile
{
    private const long MaxBytes = 1 << 20;

    /// <summary>Reads and checks a recipe. Relative paths in it are taken from the file's folder.</summary>
    /// <exception cref="RecipeException">The file is missing, is no YAML, or has an unknown key (the nearest known one is named) or a bad value.</exception>
    public static Recipe Load(string path)
    {
        if (!File.Exists(path)) throw new RecipeException($"{path}: there is no such file");
        if (new FileInfo(path).Length > MaxBytes) throw new RecipeException($"{path}: larger than a recipe can be ({MaxBytes} bytes)");
        try
        {
            var recipe = Parse(File.ReadAllText(path));
            recipe = Resolve(recipe, Path.GetDirectoryName(Path.GetFullPath(path))!);
            if (recipe.Data.Train.Length == 0 && recipe.Data.Procedural is null && recipe.Data.Layout is null) throw new RecipeException("data.train is missing; it names the list of training videos (or data.procedural says which to write, or data.layout and data.root name a data set)");
            return recipe;
        }
        catch (RecipeException error)
        {
            throw new RecipeException($"{path}: {error.Message}");
        }
    }

    /// <summary>Reads and checks a recipe's text.</summary>
    /// <exception cref="RecipeException">As for <see cref="Load"/>.</exception>
    public static Recipe Parse(string yaml)
    {
        try
        {
            var recipe = Deserializer().Deserialize<Recipe?>(yaml)?.Resolved() ?? throw new RecipeException("the recipe is empty");
            recipe.Validate();
            return recipe;
        }
        catch (YamlException error)
        {
            var cause = error.InnerException ?? error;
            while (cause is YamlException && cause.InnerException is not null) cause = cause.InnerException;
            throw new RecipeException($"line {error.Start.Line}: {cause.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>The recipe as YAML, with all values spelt out.</summary>
    public static string ToYaml(Recipe recipe) => new SerializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .WithTypeConverter(new EnumNames())
        .Build()
        .Serialize(recipe);

    /// <summary>The recipe's values by dotted key, <c>training.learning_rate</c>.</summary>
    public static IReadOnlyDictionary<string, string> Flatten(Recipe recipe)
    {
        var values = new Dictionary<string, string>();
        void Add(string key, object? value)
        {
            if (value is Dictionary<object, object> group)
            {
                foreach (var (name, inner) in group) Add(key.Length == 0 ? $"{name}" : $"{key}.{name}", inner);
            }
            else values[key] = value is List<object> list ? $"[{string.Join(", ", list)}]" : $"{value}";
        }
        Add("", new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(ToYaml(recipe)));
        return values;
    }

    /// <summary>The recipe with absolute paths; relative ones start from a folder.</summary>
    internal static Recipe Resolve(Recipe recipe, string folder)
    {
        folder = Path.GetFullPath(folder);
        string Absolute(string path) => path.Length == 0 ? "" : Path.GetFullPath(path, folder);
        return recipe with
        {
            Model = recipe.Model with { Pretrained = recipe.Model.Pretrained is { } weights ? Absolute(weights) : null, Pretraining = recipe.Model.Pretraining is { } stage ? Resolve(stage, folder) : null },
            Data = recipe.Data with { Train = Absolute(recipe.Data.Train), Val = Absolute(recipe.Data.Val), Root = recipe.Data.Root is { } root ? Absolute(root) : null },
        };
    }

    private static IDeserializer Deserializer() => new DeserializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .WithDuplicateKeyChecking()
        .WithTypeMapping<IReadOnlyList<int>, List<int>>()
        .WithTypeMapping<IReadOnlyList<double>, List<double>>()
        .WithTypeMapping<IReadOnlyList<string>, List<string>>()
        .WithTypeInspector(inner => new KnownKeys(inner))
        .WithTypeConverter(new EnumNames())
        .Build();

    // Replaces YamlDotNet's message for an unknown key by one that names the nearest known key.
    private sealed class KnownKeys(ITypeInspector inner) : TypeInspectorSkeleton, ITypeInspector
    {
        public override string GetEnumName(Type enumType, string name) => inner.GetEnumName(enumType, name);

        public override string GetEnumValue(object enumValue) => inner.GetEnumValue(enumValue);

        public override bool HasParseMethod(Type type) => inner.HasParseMethod(type);

        public override object? Parse(string value, Type type) => inner.Parse(value, type);

        public override IEnumerable<IPropertyDescriptor> GetProperties(Type type, object? container) => inner.GetProperties(type, container);

        public new IPropertyDescriptor GetProperty(Type type, object? container, string name, bool ignoreUnmatched, bool caseInsensitivePropertyMatching)
        {
            var known = GetProperties(type, container).ToList();
            return known.Find(property => property.Name == name) ?? throw new RecipeException(Unknown("key", name, known.Select(property => property.Name)));
        }
    }

    // The project's enums by their snake_case names; where a name is wrong the choices are listed.
    private sealed class EnumNames : IYamlTypeConverter
    {
        public bool Accepts(Type type) => (Nullable.GetUnderlyingType(type) ?? type).IsEnum;

        public object? ReadYaml(IParser parser, Type type, ObjectDeserializer rootDeserializer)
        {
            var scalar = parser.Consume<YamlDotNet.Core.Events.Scalar>();
            if (Nullable.GetUnderlyingType(type) is { } optional)
            {
                if (scalar.Value.Length == 0) return null;
                type = optional;
            }
            foreach (var value in Enum.GetValues(type))
            {
                if (NameOf((Enum)value) == scalar.Value) return value;
            }
            throw new YamlException(scalar.Start, scalar.End, Unknown("value", scalar.Value, Enum.GetValues(type).Cast<Enum>().Select(NameOf)));
        }

        public void WriteYaml(IEmitter emitter, object? value, Type type, ObjectSerializer serializer) => emitter.Emit(new YamlDotNet.Core.Events.Scalar(value is Enum choice ? NameOf(choice) : ""));
    }

    /// <summary>The name of a choice in recipes and on the command line: <c>DividedSpaceTime</c> is <c>divided_space_time</c>, <c>AdamW</c> is <c>adamw</c>.</summary>
    public static string NameOf(Enum value) => value is OptimizerKind ? $"{value}".ToLowerInvariant() : JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}");

    private static string Unknown(string what, string name, IEnumerable<string> known)
    {
        var sorted = known.OrderBy(candidate => candidate.Contains(name, StringComparison.Ordinal) ? 0 : Distance(name, candidate)).ToList();
        return $"unknown {what} '{name}'; did you mean '{sorted[0]}'? Known here: {string.Join(", ", sorted.Order())}";
    }

    // Levenshtein's edit distance.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
