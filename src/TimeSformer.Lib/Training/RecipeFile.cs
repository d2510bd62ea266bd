using System.Collections.Concurrent;
using System.Reflection;
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
    private const string NeighborData = "../data/";

    // What keys were called before they got PyTorch's and the official configuration's names.
    private static readonly (string Name, string Key)[] earlier =
    [
        ("frames", "num_frames"), ("jitter_scales", "train_jitter_scales"), ("flip", "random_flip"), ("workers", "num_workers"),
        ("test_views", "num_ensemble_views"), ("test_crops", "num_spatial_crops"), ("inverse_uniform_scale", "inv_uniform_sample"),
        ("rand_augment_operations", "rand_augment_num_ops"), ("erase_probability", "re_prob"), ("train_share", "train_fraction"),
        ("schedule", "lr_policy"), ("clip_gradient", "clip_grad_norm"),
    ];

    // Asked for at every key of every run of a study.
    private static readonly ConcurrentDictionary<Type, List<(string Name, string Key)>> keysByName = new();

    /// <summary>Reads and checks a recipe. Relative paths in it start from the file's folder.</summary>
    /// <exception cref="RecipeException">
    /// The file does not exist, is not YAML, or has an unknown key (the message names the nearest known one) or a wrong value.
    /// </exception>
    public static Recipe Load(string path)
    {
        if (!File.Exists(path)) throw new RecipeException($"{path}: recipe not found");
        if (new FileInfo(path).Length > MaxBytes) throw new RecipeException($"{path}: larger than a recipe can be ({MaxBytes} bytes)");
        try
        {
            var recipe = Resolve(Parse(File.ReadAllText(path)), Path.GetDirectoryName(Path.GetFullPath(path))!);
            if (recipe.Data is { Train: "", Procedural: null, Layout: null })
            {
                throw new RecipeException(
                    "data.train is missing; it names the list of training videos (or data.procedural says which to generate, "
                    + "or data.layout and data.root name a data set)");
            }
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
            var recipe = Deserializer().Deserialize<Recipe?>(YamlText.Checked(yaml))?.Resolved()
                ?? throw new RecipeException("the recipe is empty");
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

    /// <summary>The recipe as YAML, with all values written out that determine the run.</summary>
    public static string ToYaml(Recipe recipe) => new SerializerBuilder()
        .WithAttributeOverride<DataRecipe>(data => data.IsolateDecode, new YamlIgnoreAttribute())
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .WithTypeConverter(new EnumNames())
        .Build()
        .Serialize(recipe);

    /// <summary>The recipe's values by dotted key, <c>training.lr</c>.</summary>
    public static IReadOnlyDictionary<string, string> Flatten(Recipe recipe)
    {
        var values = new Dictionary<string, string>();
        Add("", new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(ToYaml(recipe)));
        return values;

        void Add(string key, object? value)
        {
            if (value is Dictionary<object, object> group)
            {
                foreach (var (name, inner) in group) Add(key.Length == 0 ? $"{name}" : $"{key}.{name}", inner);
            }
            else values[key] = value is List<object> list ? $"[{string.Join(", ", list)}]" : $"{value}";
        }
    }

    /// <summary>
    /// The recipe with absolute paths; relative ones start from a folder and, if its neighbor <c>../data</c> is elsewhere, from there.
    /// </summary>
    internal static Recipe Resolve(Recipe recipe, string folder, string? data = null)
    {
        var (home, model, videos) = (Path.GetFullPath(folder), recipe.Model, recipe.Data);
        return recipe with
        {
            Model = model with
            {
                Pretrained = Absolute(model.Pretrained),
                Pretraining = model.Pretraining is { } stage ? Resolve(stage, folder, data) : null,
            },
            Data = videos with { Train = Absolute(videos.Train)!, Val = Absolute(videos.Val)!, Root = Absolute(videos.Root) },
        };

        string? Absolute(string? path) => string.IsNullOrEmpty(path) ? path
            : data is not null && path.StartsWith(NeighborData, StringComparison.Ordinal)
                ? Path.GetFullPath(path[NeighborData.Length..], Path.GetFullPath(data))
            : Path.GetFullPath(path, home);
    }

    /// <summary>The key that a name stands for in a group of the recipe: `lr` for `learning_rate` in `training`.</summary>
    internal static string KeyOf(string group, string name)
    {
        var type = group switch
        {
            "model" => typeof(ModelRecipe),
            "data" => typeof(DataRecipe),
            "training" => typeof(OptimizationRecipe),
            _ => null,
        };
        return (type is null ? null : KeysByName(type).Find(known => known.Name == name).Key) ?? name;
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

        public override IEnumerable<IPropertyDescriptor> GetProperties(Type type, object? container) =>
            inner.GetProperties(type, container);

        public new IPropertyDescriptor GetProperty(
            Type type, object? container, string name, bool ignoreUnmatched, bool caseInsensitivePropertyMatching)
        {
            var names = KeysByName(type);
            var key = names.Find(known => known.Name == name).Key ?? throw new RecipeException(Unknown("key", name, names));
            return GetProperties(type, container).First(property => property.Name == key);
        }
    }

    // Enums by their snake_case names; a wrong name is answered with the choices.
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
            var names = Enum.GetValues(type).Cast<Enum>().Select(NameOf);
            throw new YamlException(scalar.Start, scalar.End, Unknown("value", scalar.Value, [.. names.Select(name => (name, name))]));
        }

        public void WriteYaml(IEmitter emitter, object? value, Type type, ObjectSerializer serializer) =>
            emitter.Emit(new YamlDotNet.Core.Events.Scalar(value is Enum choice ? NameOf(choice) : ""));
    }

    /// <summary>
    /// The name of a choice in recipes and on the command line: <c>DividedSpaceTime</c> is <c>divided_space_time</c>, <c>AdamW</c> is
    /// <c>adamw</c>.
    /// </summary>
    public static string NameOf(Enum value) =>
        value is OptimizerKind ? $"{value}".ToLowerInvariant() : JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}");

    // Keys by their names and their synonyms: the property's own name, and those of earlier versions.
    private static List<(string Name, string Key)> KeysByName(Type type) => keysByName.GetOrAdd(type, type =>
    {
        var properties = type.GetProperties().Where(property => property.GetCustomAttribute<YamlIgnoreAttribute>() is null).ToList();
        return
        [
            .. properties.Select(property => (RecipeRules.KeyOf(property), RecipeRules.KeyOf(property))),
            .. properties.Select(property => (UnderscoredNamingConvention.Instance.Apply(property.Name), RecipeRules.KeyOf(property))),
            .. earlier.Where(old => properties.Exists(now => RecipeRules.KeyOf(now) == old.Key)),
        ];
    });

    private static string Unknown(string what, string name, IReadOnlyCollection<(string Name, string Key)> known)
    {
        int Far(string candidate) => candidate.Contains(name, StringComparison.Ordinal) ? 0 : Distance(name, candidate);
        var nearest = known.MinBy(candidate => Far(candidate.Name)).Key;
        var all = known.Select(entry => entry.Key).Distinct().Order();
        return $"unknown {what} '{name}'; did you mean '{nearest}'? Known here: {string.Join(", ", all)}";
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
