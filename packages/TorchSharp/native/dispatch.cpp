// Calls any ATen operator by schema name through the dispatcher's boxed convention.
#include "shim.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>
#include <torch/version.h>

#include <memory>
#include <sstream>
#include <vector>

namespace {

enum class Tag : int32_t {
  Default = 0,  // take the schema's default
  None = 1,
  Tensor = 2,
  Int = 3,
  Double = 4,
  Bool = 5,
  IntList = 6,
  DoubleList = 7,
  BoolList = 8,
  TensorList = 9,
  String = 10,
  Device = 11,  // count: type, i: index
  Generator = 12,
};

// One argument or result; mirrored by the managed struct of the same name.
struct Value {
  Tag tag;
  int32_t count;
  union {
    int64_t i;
    double d;
    const void* p;
  };
};

// What a schema's formal argument asks for, as far as conversion depends on it.
enum class Formal : uint8_t { Other, Float, OptionalTensorList };

struct Operator {
  c10::OperatorHandle handle;
  std::vector<Formal> formals;
};

Formal classify(c10::TypePtr type) {
  if (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
  if (type->kind() == c10::TypeKind::FloatType) return Formal::Float;
  if (auto list = type->cast<c10::ListType>()) {
    if (list->getElementType()->kind() == c10::TypeKind::OptionalType) return Formal::OptionalTensorList;
  }
  return Formal::Other;
}

template <class T>
c10::IValue list_of(const Value& value) {
  const auto* data = static_cast<const T*>(value.p);
  c10::List<T> list;
  list.reserve(value.count);
  for (int32_t k = 0; k < value.count; ++k) list.push_back(data[k]);
  return list;
}

c10::IValue tensor_list(const Value& value, Formal formal) {
  const auto* handles = static_cast<const Handle*>(value.p);
  if (formal == Formal::OptionalTensorList) {
    c10::impl::GenericList list(c10::OptionalType::create(c10::TensorType::get()));
    for (int32_t k = 0; k < value.count; ++k) list.push_back(handles[k] ? c10::IValue(td::borrow(handles[k])) : c10::IValue());
    return list;
  }
  c10::List<at::Tensor> list;
  list.reserve(value.count);
  for (int32_t k = 0; k < value.count; ++k) list.push_back(td::borrow(handles[k]));
  return list;
}

c10::IValue to_ivalue(const Value& value, Formal formal) {
  switch (value.tag) {
    case Tag::Tensor: return td::borrow(static_cast<Handle>(const_cast<void*>(value.p)));
    case Tag::Int: return formal == Formal::Float ? c10::IValue(static_cast<double>(value.i)) : c10::IValue(value.i);
    case Tag::Double: return value.d;
    case Tag::Bool: return value.i != 0;
    case Tag::IntList: return list_of<int64_t>(value);
    case Tag::DoubleList: return list_of<double>(value);
    case Tag::BoolList: return list_of<bool>(value);
    case Tag::TensorList: return tensor_list(value, formal);
    case Tag::String: return std::string(static_cast<const char*>(value.p), static_cast<size_t>(value.count));
    case Tag::Device:
      return c10::Device(static_cast<c10::DeviceType>(value.count), static_cast<c10::DeviceIndex>(value.i));
    case Tag::Generator: return *static_cast<const at::Generator*>(value.p);
    case Tag::Default:
    case Tag::None: break;
  }
  return {};
}

Value to_value(c10::IValue result) {
  Value value{Tag::None, 0, {0}};
  if (result.isTensor()) {
    value.tag = Tag::Tensor;
    value.p = td::release(std::move(result).toTensor());
  } else if (result.isInt()) {
    value.tag = Tag::Int;
    value.i = result.toInt();
  } else if (result.isDouble()) {
    value.tag = Tag::Double;
    value.d = result.toDouble();
  } else if (result.isBool()) {
    value.tag = Tag::Bool;
    value.i = result.toBool();
  } else if (result.isTensorList()) {
    auto list = std::move(result).toTensorVector();
    auto handles = std::make_unique<Handle[]>(list.size());
    for (size_t k = 0; k < list.size(); ++k) handles[k] = td::release(std::move(list[k]));
    value.tag = Tag::TensorList;
    value.count = static_cast<int32_t>(list.size());
    value.p = handles.release();
  } else if (!result.isNone()) {
    TORCH_CHECK(false, "an operator returned a ", result.tagKind(), ", which the managed side cannot hold");
  }
  return value;
}

}  // namespace

std::string& td::last_error() {
  thread_local std::string message;
  return message;
}

TD_API const char* td_last_error() { return td::last_error().c_str(); }

TD_API const char* td_version() { return TORCH_VERSION; }

// Looks an operator up, e.g. ("aten::add", "Tensor"). The result lives as long as the process; null where libtorch lacks it.
TD_API int td_find(const char* name, const char* overload, Operator** found) {
  return td::guarded([&] {
    *found = nullptr;
    auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
    if (!handle) return;
    auto op = std::make_unique<Operator>(Operator{*handle, {}});
    for (const auto& argument : handle->schema().arguments()) op->formals.push_back(classify(argument.type()));
    *found = op.release();
  });
}

// The operator's schema as text, written into `text` (at most `capacity` bytes with the final zero).
TD_API int td_schema(const Operator* op, char* text, int32_t capacity) {
  return td::guarded([&] {
    std::ostringstream out;
    out << op->handle.schema();
    auto written = out.str().copy(text, static_cast<size_t>(capacity) - 1);
    text[written] = '\0';
  });
}

// Calls `op`. Arguments not given, or given as Default, take the schema's default. Tensors in `results` are owned by the caller.
TD_API int td_call(const Operator* op, const Value* arguments, int32_t argument_count, Value* results, int32_t* result_count) {
  return td::guarded([&] {
    const auto& schema = op->handle.schema();
    const auto& formals = schema.arguments();
    TORCH_CHECK(static_cast<size_t>(argument_count) <= formals.size(), schema.name(), " takes ", formals.size(),
                " arguments, got ", argument_count);
    torch::jit::Stack stack;
    stack.reserve(formals.size());
    for (size_t k = 0; k < formals.size(); ++k) {
      bool given = k < static_cast<size_t>(argument_count) && arguments[k].tag != Tag::Default;
      if (given) {
        stack.push_back(to_ivalue(arguments[k], op->formals[k]));
      } else {
        TORCH_CHECK(formals[k].default_value(), schema.name(), ": argument '", formals[k].name(), "' is missing");
        stack.push_back(*formals[k].default_value());
      }
    }
    op->handle.callBoxed(&stack);
    TORCH_CHECK(stack.size() <= static_cast<size_t>(*result_count), schema.name(), " returned ", stack.size(), " values");
    *result_count = static_cast<int32_t>(stack.size());
    for (size_t k = 0; k < stack.size(); ++k) results[k] = to_value(std::move(stack[k]));
  });
}

TD_API void td_free_list(Handle* handles) { delete[] handles; }
